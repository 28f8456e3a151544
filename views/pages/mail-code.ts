import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { hidden, problemSummary } from '../parts/form.ts';
import { siteCard, type Rp } from '../parts/site.ts';

export type MailCode = {
  readonly action: string;
  readonly csrf: string;
  readonly rp: Rp;
  /** Where the details are entered again. */
  readonly again: string;
  readonly shared: boolean;
  readonly wrong?: boolean | undefined;
};

/** One more step: the code that came by mail. The same page for everyone, whether one came or not (R-15). */
export function mailCodePage(frame: Frame, p: MailCode): Page {
  const { words } = frame;
  const w = words.mailCode;
  const wrong = p.wrong === true;
  const main = html`
    <div class="alone">
      <div class="card">
        <h1>${w.title}</h1>
        ${siteCard(words, p.rp)}
        ${wrong ? problemSummary({ title: w.wrong.title, text: w.wrong.text, target: 'codigo' }) : html`<p>${w.text}</p>`}
        <form class="stack" method="post" action=${p.action} novalidate>
          ${hidden('csrf', p.csrf)} ${p.shared && hidden('compartido', '1')}
          <div class="field">
            <div class="field-top">
              <label for="codigo">${w.field}</label>
              <span class="hint" id="codigo-ejemplo">${w.hint}</span>
            </div>
            ${wrong && html`<p class="field-problem" id="codigo-problema">${w.wrong.field}</p>`}
            <input
              id="codigo"
              name="codigo"
              type="text"
              inputmode="text"
              autocomplete="one-time-code"
              autocapitalize="characters"
              spellcheck="false"
              required
              autofocus
              aria-describedby=${wrong ? 'codigo-problema codigo-ejemplo' : 'codigo-ejemplo'}
              aria-invalid=${wrong ? 'true' : undefined}
            />
          </div>
          <button class="boton boton-principal">${w.submit}</button>
        </form>
        <div class="below">
          <a class="boton-texto" href=${p.again}>${w.again}</a>
          <a class="boton-texto" href="/ayuda#forgot">${w.noMail}</a>
        </div>
        <div class="small-print"><p>${w.lasts}</p></div>
      </div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: wrong });
}
