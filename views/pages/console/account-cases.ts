import type { CaseOutcome, StepKind } from '#src/domain/account-case.ts';
import type { Status } from '#src/domain/account.ts';
import type { Reason } from '#src/domain/roles.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { exportPart, type Export } from '../../parts/export.ts';
import { factsPart, type Fact } from '../../parts/facts.ts';
import { hidden } from '../../parts/form.ts';
import { deviceInWords, inPlainWords } from '../../parts/moment.ts';
import {
  choicePart,
  filterPart,
  pageLinks,
  tablePart,
  type Address,
  type Column,
  type Found,
  type Ways,
} from '../../parts/table.ts';
import type { Words } from '../../words.ts';

/** In whose hand it is, or how it ended. */
type State =
  | { readonly kind: 'free' | 'mine' }
  | { readonly kind: 'taken'; readonly by: string }
  | { readonly kind: 'closed'; readonly outcome: CaseOutcome };
type Opened = { readonly kind: keyof Words['accountCases']['kinds']; readonly at: number; readonly state: State };
type Room = { readonly shell: ConsoleShell; readonly refused?: Refusal | undefined };

export type AccountCasesRoom = Room &
  Ways & {
    readonly address: Address;
    readonly found: Found;
    /** Of the day by which they stand: open ones by that on which they were opened. */
    readonly sort: NonNullable<Column['sort']>;
    readonly closed: boolean;
    readonly cases: readonly (Opened & {
      readonly id: string;
      readonly run: string;
      readonly closedAt: number | undefined;
    })[];
    readonly exporting?: Export['typed'];
  };

/** Names are long: only what is short wears the chip. */
function stateIn({ accountCases: w }: Words, state: State): Page | string {
  if (state.kind === 'closed') return w.outcomes[state.outcome];
  if (state.kind === 'taken') return w.states.taken(state.by);
  return html`<span class=${`state state-${state.kind === 'mine' ? 'active' : 'invited'}`}
    >${w.states[state.kind]}</span
  >`;
}

/** What waits, the oldest first; what was closed, the newest first. */
export function accountCasesPage(frame: Frame, p: AccountCasesRoom): Page {
  const { lang, words } = frame;
  const w = words.accountCases;
  const { title } = words.console.rooms.accountCases;
  const { asked } = p.address;
  const when = (at: number) => inPlainWords({ lang, words, at, now: p.shell.now });
  const outcomes = Object.entries(w.outcomes).map(([one, label]) => [one, w.ofOutcome(label)] as const);
  const { closed, ...columns } = w.columns;
  const body = html`
    <p class="lead">${w.lead}</p>
    <section aria-labelledby="casos">
      <h2 id="casos" class="unseen">${title}</h2>
      ${filterPart(frame, {
        ...{ address: p.address, keep: ['orden'], label: words.table.filterOf(title) },
        fields: html`${choicePart({
          ...{ name: 'estado', label: w.columns.state, everything: w.open, chosen: asked['estado'] },
          all: { ...w.ofState, ...Object.fromEntries(outcomes) },
        })}
        ${choicePart({
          ...{ name: 'porque', label: w.columns.kind, everything: words.table.all, chosen: asked['porque'] },
          all: w.kinds,
        })}`,
      })}
      ${tablePart(frame, {
        ...{ by: 'casos', found: p.found, pages: pageLinks(frame, p) },
        none: asked['estado'] || asked['porque'] ? w.none : w.noneOpen,
        columns: [
          ...Object.entries(columns).map(([name, head]) => ({
            title: head,
            ...(name === 'at' && !p.closed && { sort: p.sort }),
          })),
          ...(p.closed ? [{ title: closed, sort: p.sort }] : []),
        ],
        rows: p.cases.map(
          (one) =>
            html`<tr>
              <th scope="row"><a href=${`${ROOMS.accountCases}/${one.id}`}>${when(one.at)}</a></th>
              <td>${w.kinds[one.kind]}</td>
              <td>${one.run}</td>
              <td>${stateIn(words, one.state)}</td>
              ${one.closedAt !== undefined && html`<td>${when(one.closedAt)}</td>`}
            </tr>`,
        ),
      })}
      ${
        p.cases.length > 0 &&
        exportPart(frame, {
          ...{ csrf: p.shell.csrf, action: `${ROOMS.accountCases}/exportar` },
          ...{ fields: { ...asked, orden: undefined }, typed: p.exporting },
        })
      }
    </section>
  `;
  return consolePage(frame, { shell: p.shell, room: 'accountCases', refused: p.refused, body });
}

export type AccountCasePage = Room & {
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
