import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { mainWay, otherWay } from '../../parts/way.ts';

/** After the way out. */
export function leftPage(frame: Frame): Page {
  const { account, ways } = frame.words;
  const w = account.left;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${w.text}</p>
      <p>${w.shared}</p>
      <div class="stack">
        ${mainWay({ href: '/', label: ways.home })} ${otherWay({ href: '/cuenta', label: w.again })}
      </div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}
