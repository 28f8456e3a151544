import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { codeField } from '../../parts/fields.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { waitSummary } from '../../parts/wait.ts';

export type RecoveryCode = {
  readonly csrf: string;
  /** As people write it. */
  readonly run: string;
  readonly problem?: { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly seconds: number } | undefined;
};

/** The same page for everyone, whether a code was sent or not (R-15). */
export function recoveryCodePage(frame: Frame, p: RecoveryCode): Page {
  const { words } = frame;
  const { code: w, ask } = words.recovery;
  const refused = p.problem?.kind === 'refused';
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${
        p.problem === undefined
          ? html`<p>${w.text(p.run)}</p>`
          : p.problem.kind === 'wait'
            ? waitSummary(words, p.problem.seconds)
            : problemSummary({ ...w.wrong, target: 'codigo' })
      }
      <form class="stack" method="post" action="/recuperar/codigo" novalidate>
        ${hidden('csrf', p.csrf)} ${hidden('run', p.run)}
        ${codeField({
          ...{ name: 'codigo', label: words.codeField.label, hint: words.codeField.hint, focus: true, oneTime: true },
          wrong: refused ? words.codeField.wrong : undefined,
        })}
        <button class="boton boton-principal">${words.recovery.code.submit}</button>
      </form>
      <div class="below">
        <form method="post" action="/recuperar" novalidate>
          ${hidden('csrf', p.csrf)} ${hidden('run', p.run)}
          <button class="boton-texto" data-sending=${ask.sending}>${w.again}</button>
        </form>
        <a class="boton-texto" href="/recuperar">${w.otherRun}</a>
        <a class="boton-texto" href="/obtener">${ask.noMail}</a>
        <a class="boton-texto" href="/ayuda#oficinas">${ask.noAddress}</a>
      </div>
      <div class="small-print"><p>${w.lasts}</p></div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: p.problem !== undefined });
}
