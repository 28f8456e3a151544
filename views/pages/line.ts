import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { mainWay, otherWay } from '../parts/way.ts';

/** Before a sign-in, while there is no room: how long it takes, and nothing to do. `look`: seconds until it asks again. */
export function linePage(frame: Frame, { wait, look }: { readonly wait: string; readonly look: string }): Page {
  const { line: w, ways } = frame.words;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead" role="status" data-line=${look}>${wait}</p>
      <p>${w.text}</p>
      <p>${w.keep}</p>
      <div class="stack">${mainWay({ href: '', label: w.look })} ${otherWay({ href: '/ayuda', label: ways.help })}</div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, scripts: ['line'], again: look });
}
