import type { Channel } from '#src/domain/checklist.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { checklistPart, type CaseWork } from '../../parts/checklist.ts';
import { consolePage, ROOMS, type ConsoleShell } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import type { Words } from '../../words.ts';

export type Ended = {
  readonly csrf: string;
  readonly caseId: string;
  readonly channel: Channel;
  readonly result: keyof Omit<Words['checks']['ended'], 'next'>;
  /** Nobody has printed it yet. */
  readonly slip: boolean;
  /** Another officer is to print the second code. */
  readonly second: boolean;
};
/** What an officer sees of a case of hers: while it is open, and how it ended. */
export type CaseInHand =
  { readonly kind: 'work'; readonly work: CaseWork } | { readonly kind: 'ended'; readonly ended: Ended };

/** The same part for the desk and for the room of a call. */
export const casePart = (frame: Frame, hand: CaseInHand): Page =>
  hand.kind === 'work' ? checklistPart(frame, hand.work) : endedPart(frame, hand.ended);

function endedPart({ words }: Frame, p: Ended): Page {
  const w = words.checks.ended;
  const approved = p.channel === 'office' && !p.slip ? w.approved.printed : w.approved[p.channel];
  const said = p.result === 'approved' ? approved : w[p.result].text;
  return html`
    <section
      id="revision"
      class="revision"
      data-in-place="revision"
      data-state=${p.result}
      aria-labelledby="revision-titulo"
    >
      <h2 id="revision-titulo" tabindex="-1" data-focus="">${w[p.result].title}</h2>
      <p class="lead">${said}</p>
      ${p.second && html`<p class="note">${w.approved.second}</p>`}
      ${p.slip && slipForm(words, { csrf: p.csrf, caseId: p.caseId })}
      <p class="ways">
        <a
          class=${`boton ${p.slip ? 'boton-segundo' : 'boton-principal'}`}
          href=${p.channel === 'video' ? ROOMS.agenda : ROOMS.desk}
        >
          ${w.next}
        </a>
      </p>
    </section>
  `;
}

/** A page of its own: so it opens beside this one, and the script leaves it alone. */
const slipForm = (words: Words, p: { readonly csrf: string; readonly caseId: string }): Page => html`
  <form method="post" action=${`${ROOMS.desk}/${p.caseId}/imprimir`} target="_blank" data-plain="">
    ${hidden('csrf', p.csrf)}<button class="boton boton-principal">${words.desk.slip.make}</button>
  </form>
`;

/** A person with an officer: a page of its own at the desk, and what a form of a call answers where no script runs. */
export function casePage(frame: Frame, p: { readonly shell: ConsoleShell; readonly hand: CaseInHand }): Page {
  const { channel } = p.hand.kind === 'work' ? p.hand.work : p.hand.ended;
  const [room, title] =
    channel === 'video'
      ? (['agenda', frame.words.checks.title] as const)
      : (['desk', frame.words.desk.meson.title] as const);
  return consolePage(frame, { shell: p.shell, room, title, scripts: ['checklist'], body: casePart(frame, p.hand) });
}

/** Not hers, not any more, or never there. */
export const caseGonePage = (frame: Frame, shell: ConsoleShell): Page => {
  const w = frame.words.desk.gone;
  return consolePage(frame, {
    ...{ shell, room: 'agenda', title: w.title },
    body: html`<p class="lead">${w.text}</p>
      <p class="ways"><a class="boton boton-principal" href=${ROOMS.agenda}>${w.next}</a></p>`,
  });
};

/** After the passkey: the other tab waits. */
export const keyShownPage = (frame: Frame, shell: ConsoleShell): Page => {
  const w = frame.words.desk.key;
  return consolePage(frame, { shell, room: 'agenda', title: w.title, body: html`<p class="lead">${w.text}</p>` });
};
