import type { Exception } from '#src/domain/checklist.ts';
import type { Move, Stage } from '#src/domain/enrolment.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { evidencePart, type SeenSession } from '../../parts/evidence.ts';
import { factsPart } from '../../parts/facts.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import type { Words } from '../../words.ts';

export type Asked = {
  readonly id: string;
  readonly kind: Exception | 'reissue';
  readonly run: string;
  readonly by: string;
  readonly at: number;
  readonly reason: string;
  readonly mayDecide: boolean;
};
const nameOf = (words: Words, kind: Asked['kind']) =>
  kind === 'reissue' ? words.desk.second.reissue : words.checks.exception.kinds[kind];

export type SecondRoom = {
  readonly shell: ConsoleShell;
  readonly asked: readonly Asked[];
  readonly refused?: Refusal | undefined;
};

/** What one officer asked for and another has to look at. */
export function secondPage(frame: Frame, p: SecondRoom): Page {
  const { lang, words } = frame;
  const w = words.desk.second;
  const body = html`
    <p class="lead">${w.lead}</p>
    ${
      p.asked.length === 0
        ? html`<p>${w.none}</p>`
        : html`<ul class="waiting">
            ${p.asked.map(
              (one) =>
                html`<li>
                  <p><strong>${nameOf(words, one.kind)}</strong>${' · '}${one.run}</p>
                  <p class="soft">${w.askedBy(one.by, inPlainWords({ lang, words, at: one.at, now: p.shell.now }))}</p>
                  ${one.mayDecide && html`<p><a href=${`${ROOMS.second}/${one.id}`}>${w.look}</a></p>`}
                </li>`,
            )}
          </ul>`
    }
  `;
  return consolePage(frame, { shell: p.shell, room: 'second', refused: p.refused, scripts: ['checklist'], body });
}

type Contact = { readonly email: string | undefined; readonly phone: string | undefined };
const contactInWords = (words: Words, { email, phone }: Contact): string =>
  [email, phone].filter((one) => one !== undefined).join(' · ') || words.checks.none;

/** One of them, with what was checked (R-54: who decides sees the evidence). */
export function secondCasePage(
  frame: Frame,
  p: {
    readonly shell: ConsoleShell;
    readonly asked: Asked;
    readonly seen: SeenSession | undefined;
    readonly contact?: { readonly now: Contact; readonly then: Contact } | undefined;
  },
): Page {
  const { lang, words } = frame;
  const w = words.desk.second;
  const { asked } = p;
  const body = html`
    <p class="soft">${w.askedBy(asked.by, inPlainWords({ lang, words, at: asked.at, now: p.shell.now }))}</p>
    <p><strong>${w.why}:</strong> ${asked.reason}</p>
    ${
      p.contact &&
      factsPart([
        [w.contactNow, contactInWords(words, p.contact.now)],
        [w.contactThen, html`<strong>${contactInWords(words, p.contact.then)}</strong>`],
      ])
    }
    ${
      p.seen &&
      html`<section aria-labelledby="visto">
        <h2 id="visto">${w.seen}</h2>
        ${evidencePart(frame, p.seen, p.shell.now)}
      </section>`
    }
    <form method="post" action=${`${ROOMS.second}/${asked.id}`} class="ways">
      ${hidden('csrf', p.shell.csrf)}
      <button class="boton boton-principal" name="decision" value="si">${w.allow}</button>
      <button class="boton boton-segundo" name="decision" value="no">${w.refuse}</button>
    </form>
  `;
  const title = `${nameOf(words, asked.kind)} · ${asked.run}`;
  return consolePage(frame, { shell: p.shell, room: 'second', title, scripts: ['checklist'], body });
}

export type CaseHistory = {
  readonly shell: ConsoleShell;
  readonly caseId: string;
  /** Undefined: she has not said yet why she opens it. */
  readonly opened:
    | {
        readonly run: string;
        readonly stage: Stage;
        readonly moves: readonly {
          readonly move: Move;
          readonly to: Stage;
          readonly by: keyof Words['desk']['history']['by'];
          readonly at: number;
        }[];
        /** For auditors. */
        readonly sessions: readonly SeenSession[] | undefined;
        readonly mayReissue: boolean;
      }
    | undefined;
  readonly proposed?: boolean;
  readonly refused?: Refusal | undefined;
};

/** A case from its beginning; opened with a reason, recorded. */
export function caseHistoryPage(frame: Frame, p: CaseHistory): Page {
  const { lang, words } = frame;
  const w = words.desk.history;
  const { stages } = words.caseList;
  const action = `/casos/${p.caseId}`;
  const asking = html`
    <p class="lead">${w.why}</p>
    <form method="post" action=${action} class="form">
      ${hidden('csrf', p.shell.csrf)} ${reasonFields(frame, 'historia')}
      <button class="boton boton-principal">${w.open}</button>
    </form>
  `;
  const { opened } = p;
  const body = opened
    ? html`
        ${p.proposed === true && html`<p class="note" role="status">${w.reissue.proposed}</p>`}
        <p>${w.stage}: <strong>${stages[opened.stage]}</strong></p>
        <section aria-labelledby="pasos">
          <h2 id="pasos">${w.moves}</h2>
          <ol class="history">
            ${opened.moves.map(
              ({ move, to, by, at }) =>
                html`<li>
                  <strong>${w.done[move]}</strong> → ${stages[to]}${' · '}<span class="soft"
                    >${w.by[by]}, ${inPlainWords({ lang, words, at, now: p.shell.now })}</span
                  >
                </li>`,
            )}
          </ol>
        </section>
        <section aria-labelledby="evidencia">
          <h2 id="evidencia">${w.evidence}</h2>
          ${
            opened.sessions
              ? opened.sessions.map((one) => evidencePart(frame, one, p.shell.now))
              : html`<p class="soft">${w.onlyAuditors}</p>`
          }
        </section>
        ${
          opened.mayReissue &&
          html`<details class="act">
            <summary>${w.reissue.summary}</summary>
            <form method="post" action=${`${action}/reemitir`} class="form">
              ${hidden('csrf', p.shell.csrf)}
              <p>${w.reissue.text}</p>
              ${reasonFields(frame, 'reemitir')}
              <button class="boton boton-segundo">${w.reissue.button}</button>
            </form>
          </details>`
        }
      `
    : asking;
  const title = opened ? `${w.title} · ${opened.run}` : w.title;
  const room = p.shell.rooms.includes('supervision') ? 'supervision' : 'audit';
  return consolePage(frame, { shell: p.shell, room, title, refused: p.refused, body });
}
