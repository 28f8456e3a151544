import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { codeField } from '../../parts/fields.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { waitSummary } from '../../parts/wait.ts';

export type EnrolmentConfirm = {
  readonly csrf: string;
  /** As she wrote it: who has mistyped it waits for a letter that never comes. */
  readonly email: string;
  readonly problem?: { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly seconds: number } | undefined;
};

/** The code that came to the address she wrote; it says nothing about the person. */
export function enrolmentConfirmPage(frame: Frame, p: EnrolmentConfirm): Page {
  const { words } = frame;
  const w = words.enrolment.confirm;
  const refused = p.problem?.kind === 'refused';
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${p.problem?.kind === 'wait' && waitSummary(words, p.problem.seconds)}
      ${refused && problemSummary({ ...w.wrong, target: 'confirmacion' })}
      <p>${w.text(p.email)}</p>
      <form class="stack" method="post" action="/obtener/confirmar" novalidate>
        ${hidden('csrf', p.csrf)}
        ${codeField({
          ...{ name: 'confirmacion', label: words.codeField.label, hint: words.codeField.hint, focus: true },
          ...{ oneTime: true, wrong: refused ? words.codeField.wrong : undefined },
        })}
        <button class="boton boton-principal">${w.submit}</button>
      </form>
      <div class="below"><a class="boton-texto" href="/obtener?corregir">${w.other}</a></div>
      <div class="small-print"><p>${w.lasts}</p></div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: p.problem !== undefined });
}
