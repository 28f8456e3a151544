import type { Rejection } from '#src/domain/checklist.ts';
import type { CallStage } from '#src/domain/room.ts';
import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { callPart } from '../../parts/call.ts';
import { mainWay, otherWay } from '../../parts/way.ts';
import { whyNot } from '../../parts/why-not.ts';

export type CallRoom = {
  /** `/videollamada/TOKEN`; empty in an example, which calls nobody. */
  readonly here: string;
  readonly stage: CallStage;
  /** Nobody comes, in an example; its script finds that out by itself. */
  readonly late?: boolean;
};

/** Where her request stands; who has none in this browser is led to the form from there. */
export const REQUEST = '/obtener/lista';
const HOUR = '/obtener/hora';
export const OFFICES = '/ayuda#oficinas';

/** The citizen's room: she waits, speaks, and gets what comes of it. */
export function callRoomPage(frame: Frame, { here, stage, late = false }: CallRoom): Page {
  const w = frame.words.call;
  const ways = html`${otherWay({ href: `${here}/prueba`, label: w.toTest })}
  ${otherWay({ href: OFFICES, label: w.toOffice })}`;
  const ended = (name: keyof typeof w.ended, href?: string) => {
    const said = w.ended[name];
    return html`<div class="note call-ended" data-when=${name} hidden=${stage !== name}>
      <h2>${said.title}</h2>
      <p>${said.text}</p>
      ${href !== undefined && 'way' in said && mainWay({ href, label: said.way })}
    </div>`;
  };
  const nobodyComes = html`<div class="note call-late" data-part="late" role="status" hidden=${!late}>
    <h2>${w.late.title}</h2>
    <p>${w.late.text}</p>
    <p class="ways">
      ${otherWay({ href: HOUR, label: w.late.another })} ${otherWay({ href: OFFICES, label: w.toOffice })}
    </p>
  </div>`;
  const main = html`
    <div class="call-page">
      <h1>${w.title}</h1>
      <p class="lead">${w.lead}</p>
      <div aria-live="polite">
        ${ended('code', here)} ${ended('review')} ${ended('rejected', here)} ${ended('over', REQUEST)}
      </div>
      ${callPart(frame, { side: 'citizen', stage, socket: here === '' ? '' : `${here}/enlace`, ways, late: nobodyComes })}
      <section class="call-ready" aria-labelledby="a-mano" data-when="waiting talking">
        <h2 id="a-mano">${w.ready.title}</h2>
        <ul class="ticks">
          ${w.ready.items.map((item) => html`<li>${item}</li>`)}
        </ul>
        <p><a href=${REQUEST}>${w.toRequest}</a></p>
      </section>
    </div>
  `;
  return layout(frame, { title: w.title, main, sheet: 'call', scripts: ['call'] });
}

export type CallMessage =
  | { readonly kind: 'early'; readonly here: string; readonly when: string }
  | { readonly kind: 'rejected'; readonly why?: Rejection | undefined }
  | { readonly kind: 'closed' | 'review' | 'over' | 'code-elsewhere' };

/** Where there is no call to be had: why, and what to do. */
export function callMessagePage(frame: Frame, p: CallMessage): Page {
  const w = frame.words.call;
  const { title, text, ways } = ((): { title: string; text: string; ways: Page } => {
    switch (p.kind) {
      case 'early':
        return {
          ...{ title: w.early.title, text: w.early.text(p.when) },
          ways: html`${mainWay({ href: `${p.here}/prueba`, label: w.toTest })}
          ${otherWay({ href: p.here, label: w.early.reload })} ${otherWay({ href: REQUEST, label: w.toRequest })}`,
        };
      case 'closed':
        return {
          ...w.closed,
          ways: html`${mainWay({ href: HOUR, label: w.closed.again })} ${otherWay({ href: OFFICES, label: w.toOffice })}`,
        };
      case 'review':
        return { ...w.review, ways: mainWay({ href: '/', label: frame.words.ways.home }) };
      case 'rejected':
        return {
          ...w.rejected,
          ways: html`${mainWay({ href: OFFICES, label: w.rejected.office })}
          ${otherWay({ href: REQUEST, label: w.toRequest })}`,
        };
      case 'over':
        return {
          ...w.over,
          ways: html`${mainWay({ href: '/activar', label: w.over.activate })}
          ${otherWay({ href: REQUEST, label: w.toRequest })}`,
        };
      case 'code-elsewhere':
        return { ...w.code.elsewhere, ways: mainWay({ href: '/ayuda', label: frame.words.ways.help }) };
    }
  })();
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      ${p.kind === 'rejected' && whyNot(frame, p.why)}
      <div class="stack">${ways}</div>
      ${
        p.kind === 'early' &&
        html`<section aria-labelledby="a-mano">
          <h2 id="a-mano">${w.ready.title}</h2>
          <ul class="ticks">
            ${w.ready.items.map((item) => html`<li>${item}</li>`)}
          </ul>
        </section>`
      }
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
