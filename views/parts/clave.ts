import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';
import { hidden, problemSummary } from './form.ts';

export type ClaveProblem = { readonly reason: keyof Words['clave']['problem']; readonly minimum: number };

export type ClaveForm = {
  readonly action: string;
  readonly csrf: string;
  readonly minimum: number;
  /** Words that the page may know: what the person has typed or is shown anyway. The server looks at all of hers. */
  readonly own: readonly string[];
  /** For the password manager: whose it is. */
  readonly run: string;
  /** What «Comprobar» said. */
  readonly fine?: boolean | undefined;
  readonly problem?: ClaveProblem | undefined;
  readonly submit: string;
  readonly sending: string;
  /** Further fields of the form (the current ClaveÚnica, when it is changed). */
  readonly before?: Page | undefined;
};

/** What stands first when it was not taken, or was found good. */
export function claveVerdict(words: Words, p: Pick<ClaveForm, 'fine' | 'problem'>): Page | undefined {
  const w = words.clave;
  if (p.problem) {
    const { reason, minimum } = p.problem;
    const { title, text } = w.problem[reason];
    return problemSummary({ title, text: typeof text === 'string' ? text : text(minimum), target: 'password' });
  }
  return p.fine === true
    ? html`<div class="note" role="status" tabindex="-1" data-focus="">
        <p><strong>${w.fine.title}</strong></p>
        <p>${w.fine.text}</p>
      </div>`
    : undefined;
}

const secret = (
  words: Words,
  p: {
    readonly name: string;
    readonly label: string;
    readonly focus: boolean;
    readonly wrong: boolean;
    readonly about?: string;
  },
): Page => html`
  <div class="field">
    <label for=${p.name}>${p.label}</label>
    <div class="secret">
      <input
        id=${p.name}
        name=${p.name}
        type="password"
        autocomplete="new-password"
        required
        autofocus=${p.focus}
        aria-describedby=${p.about}
        aria-invalid=${p.wrong ? 'true' : undefined}
        data-show=${words.logIn.show}
        data-hide=${words.logIn.hide}
      />
    </div>
  </div>
`;

/**
 * The form in which a ClaveÚnica is chosen. Without scripts «Comprobar» sends it and the page comes back with the
 * verdict, its fields empty; with scripts the verdict comes into the page, and three rules are shown while typing.
 */
export function claveForm(words: Words, p: ClaveForm): Page {
  const w = words.clave;
  const wrong = p.problem !== undefined && p.problem.reason !== 'busy';
  const live = [
    ['length', w.live.length(p.minimum)],
    ['own', w.live.own],
    ['common', w.live.common],
  ] as const;
  return html`
    <form
      class="stack"
      method="post"
      action=${p.action}
      novalidate
      data-clave=""
      data-minimum=${p.minimum}
      data-own=${p.own.join(' ')}
    >
      ${hidden('csrf', p.csrf)} ${p.before}
      <input
        class="unseen"
        type="text"
        autocomplete="username"
        value=${p.run}
        readonly
        tabindex="-1"
        aria-hidden="true"
      />
      ${secret(words, { name: 'password', label: w.field, focus: p.problem === undefined && p.fine !== true, wrong, about: 'clave-regla' })}
      <p class="hint" id="clave-regla">${w.rule(p.minimum)}</p>
      <div class="live" hidden data-live="">
        <p class="unseen">${w.live.title}</p>
        <ul>
          ${live.map(
            ([rule, text]) =>
              html`<li data-rule=${rule} data-good=${w.live.good} data-bad=${w.live.bad}>
                ${text}<span class="unseen"></span>
              </li>`,
          )}
        </ul>
      </div>
      <div
        class="verdict"
        role="status"
        data-verdict=""
        data-lost=${words.frame.offline.title}
        data-again=${words.frame.offline.text}
      ></div>
      ${secret(words, { name: 'password2', label: w.again, focus: false, wrong: p.problem?.reason === 'different' })}
      <button class="boton boton-principal" data-sending=${p.sending}>${p.submit}</button>
      <button class="boton boton-segundo" name="comprobar" value="1">${w.check}</button>
    </form>
  `;
}
