import type { ContactTold } from '#src/domain/contact-change.ts';
import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { askedFacts, changeFacts, type Asked } from '../letters/letter.ts';
import { hidden } from '../parts/form.ts';
import { mainWay, otherWay } from '../parts/way.ts';
import type { Words } from '../words.ts';

export type NotMe =
  | {
      /** `told`: nothing has been done yet; `denied`: it has. */
      readonly kind: 'told' | 'denied';
      /** Somebody was in her account. */
      readonly wasIn: boolean;
      readonly event: keyof Words['letters']['notice']['events'];
      readonly asked: Asked;
      /** Which contact it was. */
      readonly change?: ContactTold | undefined;
      /** Sites whose own sessions we cannot end; none before it is done. */
      readonly open: readonly { readonly name: string; readonly homeUri?: string | undefined }[];
      readonly action: string;
      readonly csrf: string;
      readonly phone: string;
    }
  | { readonly kind: 'unknown'; readonly phone: string };

/** `/no-fui-yo`: what the letter told of, and one button. */
export function notMePage(frame: Frame, p: NotMe): Page {
  const w = frame.words.notMe;
  const { help } = frame.words.ways;
  const page = (title: string, main: Page) => layout(frame, { title, main, narrow: true });
  if (p.kind === 'unknown')
    return page(
      w.unknownTitle,
      html`<div class="card">
        <h1>${w.unknownTitle}</h1>
        <p class="lead">${w.unknown(p.phone)}</p>
        <div class="stack">
          ${mainWay({ href: '/recuperar', label: w.recover })} ${otherWay({ href: '/ayuda#suspicious', label: help })}
        </div>
      </div>`,
    );
  if (p.kind === 'denied')
    return page(
      w.doneTitle,
      html`<div class="card" role="status">
        <h1>${w.doneTitle}</h1>
        <p class="lead">${w.doneLead}</p>
        <p>${w.next}</p>
        <div class="stack">${mainWay({ href: '/recuperar', label: w.change })}</div>
        ${
          p.open.length > 0 &&
          html`<h2>${w.open.title}</h2>
            <p>${w.open.text}</p>
            <ul>
              ${p.open.map(
                ({ name, homeUri }) =>
                  html`<li>
                    ${homeUri === undefined ? name : html`<a href=${homeUri} rel="noreferrer">${name}</a>`}
                  </li>`,
              )}
            </ul>`
        }
        <p class="quiet">${w.call(p.phone)}</p>
      </div>`,
    );
  const { sessions, open, devices, factors, contact, person } = w.will;
  const steps = [
    ...[sessions, open, devices],
    ...(p.wasIn ? [factors] : []),
    ...(p.event === 'contact-changed' ? [contact] : []),
    person,
  ];
  return page(
    w.title,
    html`<div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${frame.words.letters.notice.events[p.event].what}</p>
      <dl class="asked">
        ${[...changeFacts(frame.lang, p.change), ...askedFacts(frame.lang, p.asked)].map(
          ([label, value]) =>
            html`<dt>${label}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>
      <p>${w.lead} ${w.willDo}</p>
      <ul class="ticks">
        ${steps.map((step) => html`<li>${step}</li>`)}
      </ul>
      <form class="stack" method="post" action=${p.action}>
        ${hidden('csrf', p.csrf)}
        <button class="boton boton-principal">${w.button}</button>
        <a class="boton boton-segundo" href="/">${w.wasMe}</a>
      </form>
    </div>`,
  );
}
