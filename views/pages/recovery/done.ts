import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { mainWay, otherWay, type Way } from '../../parts/way.ts';

export type RecoveryDone = {
  /** The state website she was on her way to; else her account. */
  readonly back?: Way | undefined;
};

export function recoveryDonePage(frame: Frame, { back }: RecoveryDone): Page {
  const w = frame.words.recovery.done;
  const account = { href: '/cuenta', label: w.account };
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${w.text}</p>
      <div class="stack">${mainWay(back ?? account)} ${back && otherWay(account)}</div>
      <div class="small-print"><p>${w.caution}</p></div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true });
}
