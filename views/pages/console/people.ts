import type { Identified, Status } from '#src/domain/account.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { factsPart, type Fact } from '../../parts/facts.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import type { Words } from '../../words.ts';

type PersonAct = keyof Words['console']['people']['acts'];

export type PeopleRoom = {
  readonly shell: ConsoleShell;
  readonly typed: { readonly run: string; readonly reason: { readonly kind: string; readonly text: string } };
  readonly refused?: Refusal | undefined;
  readonly nobody?: boolean;
};

/** Whose record, and why. */
export function peoplePage(frame: Frame, { shell, typed, refused, nobody }: PeopleRoom): Page {
  const w = frame.words.console;
  const body = html`
    <p class="lead">${w.people.lead}</p>
    ${nobody === true && html`<p class="note" role="status">${w.people.nobody}</p>`}
    ${lookUpForm(frame, { shell, typed })}
  `;
  return consolePage(frame, { shell, room: 'people', refused, body });
}

/** Nothing of anybody is shown before it is sent, with a reason. */
export function lookUpForm(frame: Frame, { shell, typed }: Pick<PeopleRoom, 'shell' | 'typed'>): Page {
  const w = frame.words.console;
  return html`<form method="post" action=${ROOMS.people} class="form">
    ${hidden('csrf', shell.csrf)}
    <div class="field">
      <label for="run">${w.people.run}</label>
      <input id="run" name="run" value=${typed.run} autocomplete="off" data-run="" required />
    </div>
    ${reasonFields(frame, 'consultar', typed.reason)}
    <button class="boton boton-principal">${w.people.look}</button>
  </form>`;
}

export type PersonPage = {
  readonly shell: ConsoleShell;
  readonly record: {
    readonly accountId: string;
    readonly name: string;
    readonly email: string | undefined;
    readonly phone: string | undefined;
    readonly status: Status;
    readonly identified: Identified;
    readonly factors: number;
    readonly sessions: number;
    readonly cases: number;
    readonly lastSignIn: number | undefined;
  };
  readonly acts: readonly PersonAct[];
};

/** Masked: enough to recognise and to help. */
export function personPage(frame: Frame, { shell, record, acts }: PersonPage): Page {
  const { lang, words } = frame;
  const w = words.console.people;
  const facts: readonly Fact[] = [
    [
      w.rows.status,
      html`<span class=${`state state-${record.status === 'active' ? 'active' : 'disabled'}`}
        >${w.status[record.status]}</span
      >`,
    ],
    [w.rows.identified, w.identified[record.identified]],
    [w.rows.email, record.email ?? w.none],
    [w.rows.phone, record.phone ?? w.none],
    [w.rows.factors, String(record.factors)],
    [w.rows.sessions, String(record.sessions)],
    [w.rows.cases, String(record.cases)],
    [
      w.rows.lastSignIn,
      record.lastSignIn === undefined ? w.never : inPlainWords({ lang, words, at: record.lastSignIn, now: shell.now }),
    ],
  ];
  const body = html`
    ${factsPart(facts)}
    <section aria-labelledby="actos">
      <h2 id="actos">${w.actsTitle}</h2>
      ${acts.map(
        (act) =>
          html`<details class="act">
            <summary>${w.acts[act]}</summary>
            <form method="post" action=${`${ROOMS.people}/${record.accountId}/${act}`} class="form">
              ${hidden('csrf', shell.csrf)} ${act === 'unblock' && html`<p class="note">${w.proof}</p>`}
              ${reasonFields(frame, act)}
              <button class="boton boton-segundo">${w.acts[act]}</button>
            </form>
          </details>`,
      )}
    </section>
    <p><a href=${ROOMS.people}>${w.another}</a></p>
  `;
  return consolePage(frame, { shell, room: 'people', title: record.name, body });
}

/** After an act; refused or done, with a way on. */
export function personDonePage(
  frame: Frame,
  p: { readonly shell: ConsoleShell; readonly refused?: Refusal | undefined },
): Page {
  const w = frame.words.console.people;
  const body = html`
    ${p.refused === undefined && html`<p class="note" role="status">${w.done}</p>`}
    <p class="ways"><a class="boton boton-principal" href=${ROOMS.people}>${w.another}</a></p>
  `;
  return consolePage(frame, { shell: p.shell, room: 'people', refused: p.refused, body });
}
