import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { consolePage, reasonFields, ROOMS, type ConsoleShell, type Refusal } from '../../parts/console.ts';
import { hidden } from '../../parts/form.ts';
import { clockTime, dayInWords } from '../../parts/moment.ts';

export type Slip = {
  readonly run: string;
  /** In groups, as people read it. */
  readonly code: string;
  readonly until: number;
  /** Where it is used, without the code. */
  readonly address: string;
  /** A data address of the picture that leads there with the code. */
  readonly qr: string | undefined;
  /** `with-paper`: the second code is on paper too; `second`: this is it. */
  readonly which?: 'with-paper' | 'second' | undefined;
};

/**
 * The code is on the paper alone: on the screen this page only says so (R-53). It is read once; when it is loaded
 * again there is nothing any more.
 */
export function slipPage(frame: Frame, p: Slip): Page {
  const w = frame.words.desk.slip;
  const { paper } = w;
  const address = p.address.replace(/^https?:\/\//, '');
  const [first, ...steps] = paper.stepsOnPaper;
  const said = {
    alone: { title: paper.title, steps: [paper.open(address), ...paper.steps] },
    'with-paper': { title: paper.title, steps: [first ?? '', paper.open(address), ...steps] },
    second: { title: paper.second.title, steps: [paper.second.open(address), ...paper.second.steps] },
  }[p.which ?? 'alone'];
  const main = html`
    <div class="slip-page">
      <div class="on-screen card">
        <h1>${w.title}</h1>
        <p class="lead">${w.onScreen}</p>
        <p class="ways">
          <button class="boton boton-principal" type="button" data-print-page="" hidden>${w.print}</button>
        </p>
        <p class="soft">${w.byKeys}</p>
        <p><a href=${ROOMS.desk}>${w.after}</a></p>
      </div>
      <article class="slip">
        <p class="slip-title">${said.title}</p>
        <p>${w.paper.for(p.run)}</p>
        <p class="slip-code">${p.code}</p>
        <p>${w.paper.until(`${dayInWords(frame.lang, p.until)}, ${clockTime(frame.lang, p.until)}`)}</p>
        ${p.qr !== undefined && html`<img class="slip-qr" src=${p.qr} alt=${w.paper.qr} />`}
        <ol>
          ${said.steps.map((text) => html`<li>${text}</li>`)}
        </ol>
        <p><strong>${w.paper.secret}</strong></p>
      </article>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, sheet: 'console', scripts: ['checklist'] });
}

/** Another code was let pass: its slip waits for being printed. */
export const slipWaitingPage = (
  frame: Frame,
  { shell, caseId }: { readonly shell: ConsoleShell; readonly caseId: string },
): Page => {
  const w = frame.words.desk.slip;
  const body = html`
    <p class="lead">${w.onScreen}</p>
    <form method="post" action=${`${ROOMS.desk}/${caseId}/imprimir`}>
      ${hidden('csrf', shell.csrf)}<button class="boton boton-principal">${w.make}</button>
    </form>
  `;
  return consolePage(frame, { shell, room: 'desk', title: w.title, body });
};

export type SlipGone = {
  readonly shell: ConsoleShell;
  /** Of whose case she may ask for another code here. */
  readonly lost?: string | undefined;
  readonly refused?: Refusal | undefined;
};

/** Nobody sees it a second time: whoever has no paper in her hand asks for another code on the spot (R-53). */
export const slipGonePage = (frame: Frame, { shell, lost, refused }: SlipGone): Page => {
  const { checks, desk } = frame.words;
  const w = desk.slip.gone;
  const next = html`<p class="ways"><a class="boton boton-principal" href=${ROOMS.desk}>${checks.ended.next}</a></p>`;
  const another = html`<details class="act" open=${refused !== undefined}>
    <summary>${w.lost}</summary>
    <form method="post" action=${`/casos/${lost}/reemitir`} class="form">
      ${hidden('csrf', shell.csrf)}
      <p>${desk.history.reissue.text}</p>
      ${reasonFields(frame, 'reemitir')}
      <button class="boton boton-segundo">${desk.history.reissue.button}</button>
    </form>
  </details>`;
  return consolePage(frame, {
    ...{ shell, room: 'desk', title: w.title, refused },
    body: html`<p class="lead">${w.text}</p>
      ${next} ${lost !== undefined && another}`,
  });
};
