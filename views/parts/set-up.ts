import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';
import { hidden } from './form.ts';

export type TotpSetUp = {
  readonly action: string;
  readonly csrf: string;
  /** Base 32. */
  readonly secret: string;
  /** SVG. */
  readonly picture: string;
  readonly address: string;
  readonly offer: string;
  readonly wrong?: boolean | undefined;
};

/** An application that shows codes: the picture, the secret for typing, and the first code as the proof that it arrived. */
export const totpSetUp = (words: Words, p: TotpSetUp): Page => {
  const w = words.factor.setUp.totp;
  const wrong = p.wrong === true;
  return html`
    <ol class="steps">
      <li>
        <p>${w.scan}</p>
        <img
          class="qr"
          src=${`data:image/svg+xml,${encodeURIComponent(p.picture)}`}
          alt=${w.pictureOf}
          width="200"
          height="200"
        />
        <p><a href=${p.address}>${w.sameDevice}</a></p>
        <p class="hint">${w.orType}</p>
        <p><code class="secret-code">${p.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code></p>
      </li>
      <li>
        <form class="stack" method="post" action=${p.action} novalidate>
          ${hidden('csrf', p.csrf)} ${hidden('oferta', p.offer)}
          <div class="field">
            <div class="field-top">
              <label for="codigo">${w.field}</label>
              <span class="hint" id="codigo-ejemplo">${words.factor.hint}</span>
            </div>
            ${wrong && html`<p class="field-problem" id="codigo-problema">${w.wrong}</p>`}
            <input
              id="codigo"
              name="codigo"
              type="text"
              inputmode="numeric"
              autocomplete="one-time-code"
              spellcheck="false"
              required
              autofocus=${wrong}
              aria-describedby=${wrong ? 'codigo-problema codigo-ejemplo' : 'codigo-ejemplo'}
              aria-invalid=${wrong ? 'true' : undefined}
            />
          </div>
          <button class="boton boton-principal">${w.submit}</button>
        </form>
      </li>
    </ol>
  `;
};

/** Ten codes, or one, as they are read; with print and copy where scripts run. */
export const savedCodes = (words: Words, codes: readonly string[]): Page => {
  const w = words.factor.codes;
  return html`
    <ol class="codes" id="codigos">
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ol>
    <p class="below" hidden data-codes="#codigos">
      <button type="button" class="boton-texto" data-print="">${w.print}</button>
      <button type="button" class="boton-texto" data-copy="" data-done=${w.copied}>${w.copy}</button>
    </p>
  `;
};
