import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import { mainWay, otherWay } from '../../parts/way.ts';
import { OFFICES } from './room.ts';

/** Before it is shown: she presses, so that no program that looks ahead uses it up (R-53). */
export function codeReadyPage(frame: Frame, p: { readonly csrf: string; readonly action: string }): Page {
  const w = frame.words.call.code.ready;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${w.text}</p>
      <form method="post" action=${p.action} class="stack">
        ${hidden('csrf', p.csrf)}
        <button class="boton boton-principal">${w.button}</button>
      </form>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}

/** Once (R-53). The code waits in the browser too, so that «Activar ahora» has it already. */
export function codePage(
  frame: Frame,
  { code, until, now }: { readonly code: string; readonly until: number; readonly now: number },
): Page {
  const w = frame.words.call.code;
  const when = inPlainWords({ lang: frame.lang, words: frame.words, at: until, now });
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="call-code"><code>${code}</code></p>
      <p class="lead">${w.once}</p>
      <p>${w.until(when)}</p>
      <div class="stack">${mainWay({ href: '/activar', label: w.activate })}</div>
      <p class="note">${w.second}</p>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, sheet: 'call' });
}

export type CodeGone = {
  readonly csrf: string;
  readonly action: string;
  /** The browser has it, sealed, for «Activar ahora». */
  readonly kept: boolean;
  /** She may have another, so often; `version`: of the case, so that one press gives one. */
  readonly another?: { readonly left: number; readonly version: number } | undefined;
};

/** It is not shown twice; what she does who has not seen it (R-53). */
export function codeGonePage(frame: Frame, { csrf, action, kept, another }: CodeGone): Page {
  const { code, over, rejected } = frame.words.call;
  const w = code.gone;
  const form =
    another &&
    html`<form method="post" action=${action} class="stack">
      ${hidden('csrf', csrf)} ${hidden('otro', String(another.version))}
      <button class=${`boton ${kept ? 'boton-segundo' : 'boton-principal'}`}>${w.another}</button>
    </form>`;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${kept ? w.kept : another ? w.lost : w.text}</p>
      ${!kept && form}
      <div class="stack">
        ${
          kept || !another
            ? mainWay({ href: '/activar', label: kept ? code.activate : over.activate })
            : otherWay({ href: '/activar', label: w.have })
        }
        ${!another && otherWay({ href: OFFICES, label: rejected.office })}
      </div>
      ${kept && form} ${another && html`<p class="note">${w.what(another.left)}</p>`}
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}
