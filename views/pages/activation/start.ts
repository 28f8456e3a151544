import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { codeField, runField } from '../../parts/fields.ts';
import { expiredNote, hidden, problemSummary } from '../../parts/form.ts';
import { waitSummary } from '../../parts/wait.ts';

export type StartProblem =
  { readonly kind: 'malformed-run' | 'refused' } | { readonly kind: 'wait'; readonly seconds: number };
export type ActivationStart = {
  readonly csrf: string;
  /** What was typed, as it was typed; the code also from a link or QR. */
  readonly run: string;
  readonly code: string;
  readonly given: boolean;
  readonly shared: boolean;
  readonly problem?: StartProblem | undefined;
  /** She was further, and too much time has passed. */
  readonly expired?: boolean | undefined;
};

export function activationStartPage(frame: Frame, p: ActivationStart): Page {
  const { words } = frame;
  const w = words.activation.start;
  const kind = p.problem?.kind;
  const { title, text } = words.logIn.problem['malformed-run'];
  const summary = (): Page => {
    if (p.problem === undefined)
      return html`${p.expired === true && expiredNote(words)}
        <p>${p.given ? w.given : w.text}</p>`;
    if (p.problem.kind === 'wait') return waitSummary(words, p.problem.seconds);
    if (p.problem.kind === 'malformed-run') return problemSummary({ title, text, target: 'run' });
    const next = { href: '/obtener', label: w.refused.next };
    return problemSummary({ title: w.refused.title, text: w.refused.text, target: 'codigo', next });
  };
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${summary()}
      <form class="stack" method="post" action="/activar" novalidate>
        ${hidden('csrf', p.csrf)}
        ${runField(words, { value: p.run, wrong: kind === 'malformed-run', focus: kind !== 'refused' })}
        ${codeField({
          ...{ name: 'codigo', label: w.code, hint: w.hint, value: p.code, oneTime: false, focus: kind === 'refused' },
          wrong: kind === 'refused' ? w.refused.field : undefined,
        })}
        <div class="check">
          <input id="compartido" name="compartido" type="checkbox" value="1" checked=${p.shared} />
          <label for="compartido">${w.shared}</label>
        </div>
        <button class="boton boton-principal" data-sending=${w.sending}>${w.submit}</button>
      </form>
      <div class="below"><a class="boton-texto" href="/obtener">${w.noCode}</a></div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: p.problem !== undefined });
}
