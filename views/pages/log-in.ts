import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { dataSentence, type DataItem } from '../parts/data-items.ts';
import { hidden, problemSummary } from '../parts/form.ts';
import { passkeyForm, type PasskeyForm } from '../parts/passkey.ts';
import { siteCard, siteLinks, type Rp } from '../parts/site.ts';
import { demoPeople, type DemoPerson } from '../parts/demo-people.ts';

export type { DataItem, DemoPerson, Rp };

/** Why the form came back. */
export type Problem =
  | { readonly kind: 'malformed-run' }
  | { readonly kind: 'missing-password' }
  | { readonly kind: 'wrong-credentials' }
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'busy' }
  /** That passkey opened nothing. */
  | { readonly kind: 'passkey' };

export type LogIn = {
  readonly action: string;
  readonly cancelAction: string;
  /** Flows that lead back here. */
  readonly ways: { readonly recover: string; readonly activate: string; readonly get: string };
  readonly csrf: string;
  readonly rp: Rp;
  readonly data: readonly DataItem[];
  /** What was typed, as it was typed. */
  readonly run: string;
  readonly shared: boolean;
  /** Where passkeys are sent to, and where the script asks what for. */
  readonly passkey: Pick<PasskeyForm, 'action' | 'options'>;
  readonly problem?: Problem | undefined;
  /** Emulator only. */
  readonly demo?: readonly DemoPerson[] | undefined;
};

function summary({ words }: Frame, problem: Problem, recover: string): Page {
  const w = words.logIn.problem;
  switch (problem.kind) {
    case 'malformed-run':
      return problemSummary({ title: w['malformed-run'].title, text: w['malformed-run'].text, target: 'run' });
    case 'missing-password':
      return problemSummary({
        title: w['missing-password'].title,
        text: w['missing-password'].text,
        target: 'password',
      });
    case 'wrong-credentials': {
      const { title, text, next } = w['wrong-credentials'];
      return problemSummary({ title, text, next: { href: recover, label: next } });
    }
    case 'wait': {
      const title = w.wait.title(words.time.in(problem.seconds));
      return problemSummary({ title, text: w.wait.text, next: { href: recover, label: w.wait.next } });
    }
    case 'busy':
    case 'passkey':
      return problemSummary(w[problem.kind]);
  }
}

const ids = (...all: readonly (string | false)[]): string | undefined =>
  all.filter((id) => id !== false).join(' ') || undefined;

function fields({ words }: Frame, p: LogIn): Page {
  const w = words.logIn;
  const kind = p.problem?.kind;
  const both = kind === 'wrong-credentials';
  const badRun = kind === 'malformed-run';
  const badPassword = kind === 'missing-password';
  const atPassword = p.run !== '' && !badRun;
  return html`
    <div class="field">
      <div class="field-top">
        <label for="run">${w.run}</label>
        <span class="hint" id="run-ejemplo">${w.runHint}</span>
      </div>
      ${badRun && html`<p class="field-problem" id="run-problema">${w.problem['malformed-run'].field}</p>`}
      <input
        id="run"
        name="run"
        type="text"
        inputmode="text"
        value=${p.run}
        autocomplete="username webauthn"
        autocapitalize="characters"
        spellcheck="false"
        required
        autofocus=${!atPassword}
        aria-describedby=${ids(badRun && 'run-problema', both && 'problema', 'run-ejemplo')}
        aria-invalid=${badRun || both ? 'true' : undefined}
        data-run=""
      />
    </div>
    <div class="field">
      <label for="password">${w.password}</label>
      ${badPassword && html`<p class="field-problem" id="password-problema">${w.problem['missing-password'].field}</p>`}
      <div class="secret">
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          autofocus=${atPassword}
          aria-describedby=${ids(badPassword && 'password-problema', both && 'problema')}
          aria-invalid=${badPassword || both ? 'true' : undefined}
          data-show=${w.show}
          data-hide=${w.hide}
        />
      </div>
    </div>
    <div class="check">
      <input id="compartido" name="compartido" type="checkbox" value="1" checked=${p.shared} />
      <label for="compartido">${w.shared}</label>
    </div>
  `;
}

/** Where a citizen shows who she is; the most important page. */
export function logInPage(frame: Frame, p: LogIn): Page {
  const { lang, words } = frame;
  const w = words.logIn;
  const main = html`
    <div class=${p.demo === undefined ? 'alone' : 'with-aside'}>
      <div class="card">
        <h1>${w.title}</h1>
        ${siteCard(words, p.rp)} ${p.problem && summary(frame, p.problem, p.ways.recover)}
        <form class="stack" method="post" action=${p.action} novalidate>
          ${hidden('csrf', p.csrf)} ${fields(frame, p)}
          <button class="boton boton-principal" data-sending=${w.sending}>${w.submit}</button>
        </form>
        ${passkeyForm(words, {
          ...{ ...p.passkey, csrf: p.csrf, kind: 'in-field', label: words.factor.passkey.signIn },
          fields: html`<input type="hidden" name="compartido" value="1" disabled />`,
        })}
        <div class="below">
          <form method="post" action=${p.cancelAction} novalidate>
            ${hidden('csrf', p.csrf)}
            <button class="boton-texto" name="cancelar" value="1">${w.cancel}</button>
          </form>
          <a class="boton-texto" href=${p.ways.recover}>${w.forgot}</a>
        </div>
        <p class="below-more">
          ${w.none}${' '}<a href=${p.ways.get}>${w.get}</a>${' '}${w.or}${' '}<a href=${p.ways.activate}
            >${w.activate}</a
          >.
        </p>
        <div class="small-print">
          ${p.data.length > 0 && html`<p>${words.data.willReceive(dataSentence(lang, words, p.data))}</p>`}
          ${siteLinks(words, p.rp)}
        </div>
      </div>
      ${p.demo && demoPeople(words, { people: p.demo, action: p.action, csrf: p.csrf })}
    </div>
  `;
  return layout(frame, { title: w.title, main, narrow: true, problem: p.problem !== undefined, scripts: ['passkey'] });
}
