import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { mainWay, otherWay, type Way } from '../../parts/way.ts';

export type ActivationDone = {
  /** The state website she was on her way to; else her account. */
  readonly back?: Way | undefined;
  /** On somebody else's device nothing of hers should stay, a passkey least of all. */
  readonly shared: boolean;
  /** She has confirmed no mail: nobody writes to her, and no code of a recovery reaches her. */
  readonly mailless?: boolean | undefined;
};

export function activationDonePage(frame: Frame, { back, shared, mailless = false }: ActivationDone): Page {
  const w = frame.words.activation.done;
  const account = { href: '/cuenta', label: w.account };
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      <p class="lead">${mailless ? w.mailless.text : w.text}</p>
      ${shared && html`<p class="note">${w.shared}</p>`}
      <div class="stack">${mainWay(back ?? account)} ${back && otherWay(account)}</div>
      ${
        mailless &&
        html`<section class="note" aria-labelledby="olvido">
          <h2 id="olvido">${w.mailless.title}</h2>
          <p>${w.mailless.office}</p>
          <p><a href="/cuenta/datos">${w.mailless.link}</a></p>
        </section>`
      }
      ${
        !shared &&
        html`<section class="note" aria-labelledby="llave">
          <h2 id="llave">${w.passkey.title}</h2>
          <p>${w.passkey.text}</p>
          <p><a href="/cuenta/factores">${w.passkey.link}</a></p>
        </section>`
      }
      <section aria-labelledby="ahora">
        <h2 id="ahora">${w.now}</h2>
        <ul class="ticks">
          ${w.items.map((item) => html`<li>${item}</li>`)}
        </ul>
      </section>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, sheet: 'clave' });
}
