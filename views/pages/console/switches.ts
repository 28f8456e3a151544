import type { Switch } from '#src/domain/switch.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { waitingList, type Waiting } from './staff.ts';

export type SwitchesRoom = {
  readonly shell: ConsoleShell;
  readonly switches: readonly { readonly name: Switch; readonly flipped: boolean }[];
  readonly waiting: readonly Waiting[];
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
    ${p.switches.map(({ name, flipped }) => {
      const { title, text } = w.switches.names[name];
      const state = flipped ? (name === 'secrets-staged' ? w.switches.staged : w.switches.off) : w.switches.on;
      return html`<section class="panel" aria-labelledby=${name}>
        <h2 id=${name}>
          ${title}${' '}<span class=${`state state-${flipped ? 'disabled' : 'active'}`}>${state}</span>
        </h2>
        <p>${text}</p>
        <details>
          <summary>${flipped ? w.switches.go : w.switches.stop}</summary>
          <form method="post" action=${ROOMS.switches} class="form">
            ${hidden('csrf', p.shell.csrf)} ${hidden('interruptor', name)} ${hidden('detener', flipped ? 'no' : 'si')}
            ${reasonFields(frame, name)}
            <button class="boton boton-segundo">${flipped ? w.switches.go : w.switches.stop}</button>
          </form>
        </details>
      </section>`;
    })}
  `;
  return consolePage(frame, { shell: p.shell, room: 'switches', refused: p.refused, body });
}
