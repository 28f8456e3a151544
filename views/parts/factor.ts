import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';
import { hidden, problemSummary } from './form.ts';
import { passkeyForm } from './passkey.ts';

/** Why the form came back. */
export type FactorProblem =
  { readonly kind: 'refused' | 'not-enough' } | { readonly kind: 'wait'; readonly seconds: number };

/** What is asked of somebody who has second factors; for the sign-in, for recovery, for changes in the own account. */
export type FactorAsked = {
  readonly action: string;
  readonly csrf: string;
  /** Which of hers are enough here. */
  readonly kinds: readonly ('passkey' | 'totp' | 'saved-codes')[];
  /** For `navigator.credentials.get`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly problem?: FactorProblem | undefined;
  /** Emulator only: what a demo person's application shows now. */
  readonly demoCode?: string | undefined;
};

export function factorProblem(words: Words, problem: FactorProblem): Page {
  const w = words.factor.problem;
  if (problem.kind === 'wait')
    return problemSummary({ title: w.wait.title(words.time.in(problem.seconds)), text: w.wait.text });
  const { title, text } = w[problem.kind];
  return problemSummary({ title, text });
}

const codeForm = (words: Words, p: FactorAsked): Page => {
  const w = words.factor;
  const [totp, saved] = [p.kinds.includes('totp'), p.kinds.includes('saved-codes')];
  const wrong = p.problem?.kind === 'refused';
  return html`
    <form class="stack" method="post" action=${p.action} novalidate>
      ${hidden('csrf', p.csrf)}
      <div class="field">
        <div class="field-top">
          <label for="codigo">${totp ? w.field : w.savedField}</label>
          <span class="hint" id="codigo-ejemplo">${totp ? w.hint : w.savedHint}</span>
        </div>
        ${totp && saved && html`<p class="hint" id="codigo-otro">${w.orSaved}</p>`}
        <input
          id="codigo"
          name="codigo"
          type="text"
          inputmode=${saved ? 'text' : 'numeric'}
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
          aria-describedby=${['problema', 'codigo-ejemplo', 'codigo-otro']
            .filter((id) => (id === 'problema' ? wrong : id === 'codigo-otro' ? totp && saved : true))
            .join(' ')}
          aria-invalid=${wrong ? 'true' : undefined}
        />
      </div>
      <button class="boton boton-principal" data-sending=${w.sending}>${w.submit}</button>
      ${p.demoCode !== undefined && html`<p class="note">${w.demo(p.demoCode)}</p>`}
    </form>
  `;
};

/** The ways that are open to her: a passkey, a code. Without any that works here, where to go instead. */
export function factorForms(words: Words, p: FactorAsked): Page {
  const w = words.factor;
  const passkey = p.kinds.includes('passkey');
  const code = p.kinds.includes('totp') || p.kinds.includes('saved-codes');
  return html`
    ${
      passkey &&
      html`${passkeyForm(words, {
          ...{ action: p.action, csrf: p.csrf, options: p.options, kind: 'get', label: w.passkey.use, main: !code },
        })}
        <p class="note" data-without-passkey="">${w.passkey.cannot}</p>`
    }
    ${passkey && code && html`<p class="or"><span>${w.or}</span></p>`} ${code && codeForm(words, p)}
    <details class="more">
      <summary>${w.lost.title}</summary>
      ${w.lost.paragraphs.map((text) => html`<p>${text}</p>`)}
      <p><a href="/ayuda#factor">${w.lost.way}</a></p>
    </details>
  `;
}
