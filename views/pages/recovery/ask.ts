import { html, type Page } from '../../html.ts';
import { layout, type Frame } from '../../layout.ts';
import { runField } from '../../parts/fields.ts';
import { expiredNote, hidden, problemSummary } from '../../parts/form.ts';
import { waitSummary } from '../../parts/wait.ts';

export type AskProblem = { readonly kind: 'malformed-run' } | { readonly kind: 'wait'; readonly seconds: number };
export type RecoveryAsk = {
  readonly csrf: string;
  readonly run: string;
  readonly problem?: AskProblem | undefined;
  /** She has asked in this browser a while ago. */
  readonly haveCode?: boolean | undefined;
  /** She was further, and too much time has passed. */
  readonly expired?: boolean | undefined;
};

export function recoveryAskPage(frame: Frame, p: RecoveryAsk): Page {
  const { words } = frame;
  const w = words.recovery.ask;
  const malformed = p.problem?.kind === 'malformed-run';
  const { title, text } = words.logIn.problem['malformed-run'];
  const main = html`
    <div class="card">
      <h1>${w.title}</h1>
      ${
        p.problem === undefined
          ? html`${p.expired === true && expiredNote(words)}
              <p>${w.text}</p>`
          : p.problem.kind === 'wait'
            ? waitSummary(words, p.problem.seconds)
            : problemSummary({ title, text, target: 'run' })
      }
      <form class="stack" method="post" action="/recuperar" novalidate>
        ${hidden('csrf', p.csrf)} ${runField(words, { value: p.run, wrong: malformed, focus: true })}
        <button class="boton boton-principal" data-sending=${w.sending}>${w.submit}</button>
      </form>
      <div class="below">
        ${p.haveCode === true && html`<a class="boton-texto" href="/recuperar/codigo">${w.haveCode}</a>`}
        <a class="boton-texto" href="/obtener">${w.noMail}</a>
        <a class="boton-texto" href="/ayuda#oficinas">${w.noAddress}</a>
      </div>
      <div class="small-print"><p>${w.blocked}</p></div>
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: p.problem !== undefined });
}
