import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { passkeyForm } from '../../parts/passkey.ts';
import { totpSetUp, type TotpSetUp } from '../../parts/set-up.ts';
import { siteCard, type Rp } from '../../parts/site.ts';

export type SetUp = {
  readonly action: string;
  readonly csrf: string;
  readonly rp: Rp;
  /** For `navigator.credentials.create`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Absent where only a passkey is enough. */
  readonly totp?: TotpSetUp | undefined;
  readonly problem?: 'refused' | 'over' | 'taken' | 'recovered' | undefined;
};

/** On the way to a site that asks for a second factor: whoever has none makes one, and goes on. */
export function setUpPage(frame: Frame, p: SetUp): Page {
  const { words } = frame;
  const w = words.factor.setUp;
  const code = p.totp;
  const main = html`
    <div class="alone">
      <div class="card">
        <h1>${w.title}</h1>
        ${siteCard(words, p.rp)}
        ${p.problem ? problemSummary(w.problem[p.problem]) : html`<p>${code ? w.text : w.passkeyOnly}</p>`}
        <section class="way" aria-labelledby="con-llave">
          <h2 id="con-llave">${w.passkey.title}</h2>
          <p>${w.passkey.text}</p>
          ${passkeyForm(words, {
            ...{ action: p.action, csrf: p.csrf, options: p.options, kind: 'create', main: !code },
            label: w.passkey.submit,
          })}
          <p class="note" data-without-passkey="">${words.factor.passkey.cannot}</p>
        </section>
        ${
          code &&
          html`<section class="way" aria-labelledby="con-app">
            <h2 id="con-app">${w.totp.title}</h2>
            <p>${w.totp.text}</p>
            ${totpSetUp(words, code)}
          </section>`
        }
        <div class="below">
          <form method="post" action=${p.action} novalidate>
            ${hidden('csrf', p.csrf)}
            <button class="boton-texto" name="cancelar" value="1">${words.logIn.cancel}</button>
          </form>
        </div>
      </div>
    </div>
  `;
  const problem = p.problem !== undefined || code?.wrong === true;
  return layout(frame, { title: w.title, main, narrow: true, problem, scripts: ['passkey'] });
}
