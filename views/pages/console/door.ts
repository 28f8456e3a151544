import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { mainWay, otherWay, type Way } from '../../parts/way.ts';
import type { Words } from '../../words.ts';

export type DoorKind = keyof Words['console']['door'];

/** Before the console, or after it; with a way on. */
export function consoleDoorPage(frame: Frame, { kind, also }: { readonly kind: DoorKind; readonly also?: Way }): Page {
  const w = frame.words.console;
  const { title, text } = w.door[kind];
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <div class="stack">
        ${also && kind === 'weak' ? mainWay(also) : mainWay({ href: '/entrar', label: w.signIn })}
        ${also && kind === 'weak' && otherWay({ href: '/entrar', label: w.signIn })}
      </div>
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
