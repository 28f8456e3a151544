import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { hidden } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import { mainWay } from '../../parts/way.ts';

/** Before it is shown: she presses, so that no program that looks ahead uses it up. */
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

/** Once. The code waits in the browser too, so that «Activar ahora» has it already. */
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
