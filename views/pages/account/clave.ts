import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, SECTIONS, type AccountShell } from '../../parts/account.ts';
import { claveForm, claveVerdict, type ClaveForm } from '../../parts/clave.ts';
import { doneNote } from '../../parts/done.ts';
import { problemSummary } from '../../parts/form.ts';

export type AccountClave = Pick<ClaveForm, 'fine' | 'minimum' | 'own' | 'problem' | 'run'> & {
  readonly shell: AccountShell;
  /** What was wrong with the current one; `seconds` to wait. */
  readonly current?: { readonly reason: 'missing' | 'wrong' | 'wait'; readonly seconds: number } | undefined;
  readonly done?: boolean | undefined;
};

/** The current one, and twice the new one. */
export function accountClavePage(frame: Frame, p: AccountClave): Page {
  const { words } = frame;
  const w = words.account.clave;
  const wrong = p.current && w.problem[p.current.reason];
  const problem =
    p.current &&
    wrong &&
    problemSummary({ title: wrong.title(words.time.in(p.current.seconds)), text: wrong.text, target: 'actual' });
  const before = html`
    <div class="field">
      <label for="actual">${w.current}</label>
      <div class="secret">
        <input
          id="actual"
          name="actual"
          type="password"
          autocomplete="current-password"
          required
          autofocus=${p.done !== true && p.problem === undefined && p.fine !== true}
          aria-invalid=${p.current === undefined ? undefined : 'true'}
          data-show=${words.logIn.show}
          data-hide=${words.logIn.hide}
        />
      </div>
    </div>
  `;
  const { minimum, own, run, fine } = p;
  const body = html`
    ${doneNote(p.done === true ? w.done : undefined)} ${problem ?? claveVerdict(words, p)}
    <p class="quiet">${w.text}</p>
    <div class="narrow-stack choose">
      ${claveForm(words, {
        ...{ action: SECTIONS.password, csrf: p.shell.csrf, minimum, own, run, fine, problem: p.problem, before },
        ...{ submit: w.submit, sending: w.sending },
      })}
    </div>
    <p><a class="boton-texto" href="/recuperar">${w.forgot}</a></p>
  `;
  return accountPage(frame, {
    ...{ shell: p.shell, section: 'password', body, scripts: ['clave'] },
    problem: p.problem !== undefined || p.current !== undefined,
  });
}
