import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { factorForms, factorProblem, type FactorAsked } from '../../parts/factor.ts';
import { hidden } from '../../parts/form.ts';
import { siteCard, type Rp } from '../../parts/site.ts';

export type SecondFactor = FactorAsked & {
  readonly rp: Rp;
  /** After the password, or because the site asks a live session for more. */
  readonly why: 'sign-in' | 'more';
};

/** After the ClaveÚnica: something that she has. */
export function secondFactorPage(frame: Frame, p: SecondFactor): Page {
  const { words } = frame;
  const w = words.factor;
  const main = html`
    <div class="alone">
      <div class="card">
        <h1>${w.title}</h1>
        ${siteCard(words, p.rp)} ${p.problem ? factorProblem(words, p.problem) : html`<p>${w.why[p.why]}</p>`}
        ${factorForms(words, p)}
        <div class="below">
          <form method="post" action=${p.action} novalidate>
            ${hidden('csrf', p.csrf)}
            <button class="boton-texto" name="cancelar" value="1">${words.logIn.cancel}</button>
          </form>
        </div>
      </div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: p.problem !== undefined, scripts: ['passkey'] });
}
