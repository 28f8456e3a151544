import type { CaseOutcome, StepKind } from '#src/domain/account-case.ts';
import type { Status } from '#src/domain/account.ts';
import type { Reason } from '#src/domain/roles.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { factsPart, type Fact } from '../../parts/facts.ts';
import { hidden } from '../../parts/form.ts';
import { deviceInWords, inPlainWords } from '../../parts/moment.ts';
import type { Words } from '../../words.ts';

/** In whose hand it is, or how it ended. */
type State =
  | { readonly kind: 'free' | 'mine' }
  | { readonly kind: 'taken'; readonly by: string }
  | { readonly kind: 'closed'; readonly outcome: CaseOutcome };
export type Opened = {
  readonly kind: keyof Words['accountCases']['kinds'];
  readonly at: number;
  readonly state: State;
};
export type AccountRoom = { readonly shell: ConsoleShell; readonly refused?: Refusal | undefined };

/** Names are long: only what is short wears the chip. */
export function stateIn({ accountCases: w }: Words, state: State): Page | string {
  if (state.kind === 'closed') return w.outcomes[state.outcome];
  if (state.kind === 'taken') return w.states.taken(state.by);
  return html`<span class=${`state state-${state.kind === 'mine' ? 'active' : 'invited'}`}
    >${w.states[state.kind]}</span
  >`;
}

export type AccountCasePage = AccountRoom & {
  readonly id: string;
  readonly run: string;
  readonly name: string;
  readonly status: Status;
  readonly one: Opened & { readonly by: string | undefined };
  /** What «No fui yo» answered to, or why an office opened it. */
  readonly about:
    | {
        readonly event: keyof Words['letters']['notice']['events'];
        readonly told: number;
        readonly device: string;
        readonly network: string;
        readonly site: string;
      }
    | { readonly reason: Reason['kind']; readonly words: string };
  readonly steps: readonly {
    readonly what: StepKind;
    readonly at: number;
    readonly by: string;
    readonly words: string;
  }[];
  /** Who has it, as she sees it now: what she takes it from. */
  readonly holder: string;
  readonly may: { readonly take: boolean; readonly work: boolean; readonly opened: boolean };
  readonly typed?:
    | {
        readonly note?: string;
        readonly outcome?: CaseOutcome;
        readonly reason?: { readonly kind: string; readonly text: string };
      }
    | undefined;
};

/** One of them: what it is about, what was done, and what she can do now. */
export function accountCasePage(frame: Frame, p: AccountCasePage): Page {
  const { lang, words } = frame;
  const w = words.accountCases;
  const { one, shell } = p;
  const when = (at: number) => inPlainWords({ lang, words, at, now: shell.now });
  const facts: readonly Fact[] = [
    [w.rows.kind, w.kinds[one.kind]],
    [w.rows.state, stateIn(words, one.state)],
    [w.rows.at, when(one.at)],
    [w.rows.by, one.by ?? w.owner],
    ...aboutFacts(frame, p.about, when),
    [w.rows.name, p.name],
    [w.rows.status, words.console.people.status[p.status]],
  ];
  const body = html`
    ${factsPart(facts)}
    <form method="post" action=${ROOMS.people} class="ways">
      ${hidden('csrf', shell.csrf)} ${hidden('run', p.run)} ${hidden('motivo', 'case')}
      ${hidden('palabras', w.accountWhy)}<button class="boton boton-segundo">${w.account}</button>
    </form>
    <section aria-labelledby="pasos">
      <h2 id="pasos">${w.history}</h2>
      ${
        p.steps.length === 0
          ? html`<p class="soft">${w.nothing}</p>`
          : html`<ol class="history">
              ${p.steps.map(
                ({ what, at, by, words: said }) =>
                  html`<li>
                    <strong>${w.steps[what]} ${by}</strong> <span class="soft">${when(at)}</span>
                    ${said !== '' && html`<br />${said}`}
                  </li>`,
              )}
            </ol>`
      }
    </section>
    ${p.may.opened && html`<p class="note">${w.yours}</p>`} ${p.may.take && takeForm(frame, p)}
    ${p.may.work && [noteForm(frame, p), closeForm(frame, p)]}
    <p><a href=${ROOMS.accountCases}>${w.back}</a></p>
  `;
  const title = w.title(p.run);
  return consolePage(frame, { shell, room: 'accountCases', title, refused: p.refused, body });
}

function aboutFacts({ words }: Frame, about: AccountCasePage['about'], when: (at: number) => string): readonly Fact[] {
  const { rows } = words.accountCases;
  if ('reason' in about)
    return [
      [rows.reason, words.console.reasons[about.reason]],
      [rows.words, about.words],
    ];
  return [
    [rows.letter, `«${words.letters.notice.events[about.event].subject}»`],
    [rows.told, when(about.told)],
    [rows.device, about.device === '' ? '' : deviceInWords(words, about.device)],
    [rows.network, about.network],
    [rows.site, about.site],
  ];
}

const post = (p: AccountCasePage, act: 'tomar' | 'nota' | 'cerrar', fields: Page): Page =>
  html`<form method="post" action=${`${ROOMS.accountCases}/${p.id}/${act}`} class="form">
    ${hidden('csrf', p.shell.csrf)} ${fields}
  </form>`;

function takeForm({ words }: Frame, p: AccountCasePage): Page {
  const w = words.accountCases;
  const { state } = p.one;
  const label = state.kind === 'taken' ? w.takeOver(state.by) : w.take;
  const look = state.kind === 'taken' ? 'boton boton-segundo' : 'boton boton-principal';
  return post(
    p,
    'tomar',
    html`${hidden('tiene', p.holder)}
      <p class="hint">${w.takeHint}</p>
      <button class=${look}>${label}</button>`,
  );
}

function noteForm({ words }: Frame, p: AccountCasePage): Page {
  const w = words.accountCases;
  const fields = html`<div class="field">
      <label for="nota">${w.noteWords}</label>
      <p class="hint" id="nota-pista">${words.console.reason.hint}</p>
      <textarea id="nota" name="nota" rows="3" maxlength="500" minlength="10" required aria-describedby="nota-pista">
${p.typed?.note ?? ''}</textarea>
    </div>
    <button class="boton boton-principal">${w.noteButton}</button>`;
  return html`<details class="act" open=${p.typed?.note !== undefined}>
    <summary>${w.note}</summary>
    ${post(p, 'nota', fields)}
  </details>`;
}

function closeForm(frame: Frame, p: AccountCasePage): Page {
  const w = frame.words.accountCases;
  const { typed } = p;
  const fields = html`<div class="field">
      <label for="resultado">${w.outcome}</label>
      <select id="resultado" name="resultado">
        ${Object.entries(w.outcomes).map(
          ([one, label]) => html`<option value=${one} selected=${one === typed?.outcome}>${label}</option>`,
        )}
      </select>
    </div>
    ${reasonFields(frame, 'cerrar', typed?.reason ?? { kind: 'case', text: '' })}
    <button class="boton boton-principal">${w.close}</button>`;
  return html`<details class="act" open=${typed?.outcome !== undefined}>
    <summary>${w.close}</summary>
    ${post(p, 'cerrar', fields)}
  </details>`;
}
