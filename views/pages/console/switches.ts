import type { Switch } from '#src/domain/switch.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import { waitingList, type Undecided } from '../../parts/waiting-list.ts';

export type SwitchesRoom = {
  readonly shell: ConsoleShell;
  readonly switches: readonly { readonly name: Switch; readonly flipped: boolean; readonly at?: number | undefined }[];
  readonly waiting: readonly Undecided[];
  readonly refused?: Refusal | undefined;
};

/** What can be stopped for the whole country (R-100). */
export function switchesPage(frame: Frame, p: SwitchesRoom): Page {
  const w = frame.words.console;
  const body = html`
    <p class="lead">${w.switches.lead}</p>
    <section aria-labelledby="propuestas">
      <h2 id="propuestas">${w.staff.proposals}</h2>
      ${waitingList(frame, { shell: p.shell, waiting: p.waiting, action: `${ROOMS.switches}/propuestas` })}
    </section>
    ${p.switches.map((one) => switchPanel(frame, p.shell, one))}
  `;
  return consolePage(frame, { shell: p.shell, room: 'switches', refused: p.refused, body });
}

type One = SwitchesRoom['switches'][number];

function switchPanel(frame: Frame, shell: ConsoleShell, { name, flipped, at }: One): Page {
  const { lang, words } = frame;
  const w = words.console.switches;
  const { title, text } = w.names[name];
  const once = name === 'end-all-sessions';
  const when = at === undefined ? undefined : inPlainWords({ lang, words, at, now: shell.now });
  // It sets something going, where the others stop something.
  const says = name === 'secrets-staged' ? w.starts : w.stops;
  const label = once ? w.once.propose : says.propose[flipped ? 'back' : 'flip'];
  return html`<section class="panel" aria-labelledby=${name}>
    <div class="panel-head">
      <h2 id=${name}>${title}</h2>
      ${
        once
          ? html`<span class="soft">${when === undefined ? w.once.never : w.last(when)}</span>`
          : html`<span class=${`state state-${flipped ? 'disabled' : 'active'}`}
              >${says.states[flipped ? 'flipped' : 'still']}</span
            >`
      }
    </div>
    <p>${text}</p>
    ${flipped && when !== undefined && html`<p class="soft">${w.since(when)}</p>`}
    <details>
      <summary>${label}</summary>
      <form method="post" action=${ROOMS.switches} class="form">
        ${hidden('csrf', shell.csrf)} ${hidden('interruptor', name)} ${hidden('detener', flipped ? 'no' : 'si')}
        ${reasonFields(frame, name)}
        <button class="boton boton-segundo">${label}</button>
      </form>
    </details>
  </section>`;
}
