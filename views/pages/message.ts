import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { helpCodeLine } from '../parts/help-code.ts';
import { mainWay, otherWay, type Way } from '../parts/way.ts';
import type { Words } from '../words.ts';

export type MessageKind = keyof Words['message'];
export type Message = {
  readonly kind: MessageKind;
  readonly to: Way;
  readonly also?: Way | undefined;
  readonly helpCode?: string | undefined;
};

/** Never a dead end: every message has a way on. Labels for it are in `words.ways`. */
export function messagePage(frame: Frame, { kind, to, also, helpCode }: Message): Page {
  const { title, text } = frame.words.message[kind];
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      <div class="stack">${mainWay(to)} ${also && otherWay(also)}</div>
      ${helpCode !== undefined && helpCodeLine(frame.words, helpCode)}
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
