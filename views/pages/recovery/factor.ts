import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { factorForms, factorProblem, type FactorAsked } from '../../parts/factor.ts';

/** Recovery asks for the second factor too, and has no way around it (R-14). */
export function recoveryFactorPage(frame: Frame, p: FactorAsked): Page {
  const { words } = frame;
  const w = words.factor;
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${p.problem === undefined ? html`<p>${w.why['sign-in']}</p>` : factorProblem(words, p.problem)}
      ${factorForms(words, p)}
    </div>
  `;
  const problem = p.problem !== undefined;
  return layout(frame, { title: w.title, main, narrow: true, problem, scripts: ['passkey'] });
}
