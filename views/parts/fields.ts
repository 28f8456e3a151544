import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';

const ids = (...all: readonly (string | false)[]): string | undefined =>
  all.filter((id) => id !== false).join(' ') || undefined;

/** A RUN, in any spelling; the script writes it as people do. */
export const runField = (
  words: Words,
  p: { readonly value: string; readonly wrong: boolean; readonly focus: boolean },
): Page => {
  const w = words.logIn;
  return html`
    <div class="field">
      <div class="field-top">
        <label for="run">${w.run}</label>
        <span class="hint" id="run-ejemplo">${w.runHint}</span>
      </div>
      ${p.wrong && html`<p class="field-problem" id="run-problema">${w.problem['malformed-run'].field}</p>`}
      <input
        id="run"
        name="run"
        type="text"
        inputmode="text"
        value=${p.value}
        autocomplete="username"
        autocapitalize="characters"
        spellcheck="false"
        required
        autofocus=${p.focus}
        aria-describedby=${ids(p.wrong && 'run-problema', 'run-ejemplo')}
        aria-invalid=${p.wrong ? 'true' : undefined}
        data-run=""
      />
    </div>
  `;
};

type CodeField = {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value?: string | undefined;
  /** What stands beside it when it was wrong. */
  readonly wrong?: string | undefined;
  readonly focus: boolean;
  /** One that came by mail or SMS just now. */
  readonly oneTime: boolean;
};

export const codeField = (p: CodeField): Page => html`
  <div class="field">
    <div class="field-top">
      <label for=${p.name}>${p.label}</label>
      <span class="hint" id=${`${p.name}-ejemplo`}>${p.hint}</span>
    </div>
    ${p.wrong !== undefined && html`<p class="field-problem" id=${`${p.name}-problema`}>${p.wrong}</p>`}
    <input
      id=${p.name}
      name=${p.name}
      type="text"
      inputmode="text"
      value=${p.value}
      autocomplete=${p.oneTime ? 'one-time-code' : 'off'}
      autocapitalize="characters"
      spellcheck="false"
      required
      autofocus=${p.focus}
      aria-describedby=${ids(p.wrong !== undefined && `${p.name}-problema`, `${p.name}-ejemplo`)}
      aria-invalid=${p.wrong === undefined ? undefined : 'true'}
    />
  </div>
`;

type TextField = {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly type: 'text' | 'email' | 'tel';
  readonly complete: 'off' | 'email' | 'tel';
  readonly required: boolean;
  readonly wrong?: string | undefined;
};

export const textField = (p: TextField): Page => html`
  <div class="field">
    <div class="field-top">
      <label for=${p.name}>${p.label}</label>
      <span class="hint" id=${`${p.name}-ejemplo`}>${p.hint}</span>
    </div>
    ${p.wrong !== undefined && html`<p class="field-problem" id=${`${p.name}-problema`}>${p.wrong}</p>`}
    <input
      id=${p.name}
      name=${p.name}
      type=${p.type}
      value=${p.value}
      autocomplete=${p.complete}
      spellcheck="false"
      required=${p.required}
      aria-describedby=${ids(p.wrong !== undefined && `${p.name}-problema`, `${p.name}-ejemplo`)}
      aria-invalid=${p.wrong === undefined ? undefined : 'true'}
    />
  </div>
`;
