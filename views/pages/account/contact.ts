import type { Contact } from '#src/domain/contact-change.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, type AccountShell } from '../../parts/account.ts';
import { doneNote } from '../../parts/done.ts';
import { hidden, problemSummary } from '../../parts/form.ts';

/** Names of the fields, one form each. */
export const FIELDS = { email: 'email', 'other-email': 'otro', phone: 'telefono' } as const satisfies Record<
  Contact,
  string
>;

const CONTACTS = Object.keys(FIELDS) as readonly Contact[];

export type ContactProblem = {
  readonly what: Contact;
  readonly reason: 'malformed' | 'same' | 'too-many';
  readonly typed: string;
};
export type ContactShown = {
  readonly shell: AccountShell;
  /** Confirmed ones, as they are written. */
  readonly current: Readonly<Record<Contact, string | undefined>>;
  readonly problem?: ContactProblem | undefined;
  readonly done?: 'done' | 'removed' | undefined;
};

/** Addresses and telephone; each is changed by itself, after a code (R-16). */
export function contactPage(frame: Frame, p: ContactShown): Page {
  const w = frame.words.contact;
  const title = p.problem && w.problem[p.problem.reason].title;
  const body = html`
    ${doneNote(p.done && w[p.done])}
    ${
      p.problem &&
      problemSummary({
        title: typeof title === 'string' ? title : (title?.[p.problem.what] ?? ''),
        text: w.problem[p.problem.reason].text,
        target: FIELDS[p.problem.what],
      })
    }
    <p class="quiet">${w.text}</p>
    ${CONTACTS.map((what) => one(frame, p, what))}
    <p class="small-print">${w.fixed}</p>
  `;
  return accountPage(frame, { shell: p.shell, section: 'contact', body, problem: p.problem !== undefined });
}

function one({ words }: Frame, { shell, current, problem }: ContactShown, what: Contact): Page {
  const w = words.contact;
  const [name, value] = [FIELDS[what], current[what]];
  const wrong = problem?.what === what ? problem : undefined;
  return html`
    <section class="datum">
      <h2>${w.kinds[what]}</h2>
      <p class="datum-value">${value ?? html`<span class="quiet">${w.none}</span>`}</p>
      <details class="more" open=${wrong !== undefined}>
        <summary>
          ${value === undefined ? w.add : w.change}${' '}<span class="unseen">${w.kinds[what].toLowerCase()}</span>
        </summary>
        <form class="stack" method="post" action="/cuenta/datos" novalidate>
          ${hidden('csrf', shell.csrf)}
          <div class="field">
            <div class="field-top">
              <label for=${name}>${w.fields[what]}</label>
              <span class="hint" id=${`${name}-ejemplo`}>${w.hints[what]}</span>
            </div>
            <input
              id=${name}
              name=${name}
              type=${what === 'phone' ? 'tel' : 'email'}
              autocomplete=${what === 'phone' ? 'tel' : 'email'}
              spellcheck="false"
              required
              value=${wrong?.typed}
              aria-describedby=${`${name}-ejemplo`}
              aria-invalid=${wrong === undefined ? undefined : 'true'}
            />
          </div>
          <button class="boton boton-principal">${w.send}</button>
        </form>
      </details>
      ${
        value !== undefined &&
        what !== 'email' &&
        html`<form method="post" action="/cuenta/datos">
          ${hidden('csrf', shell.csrf)} ${hidden('quitar', name)}
          <button class="boton-texto">
            ${w.remove}${' '}<span class="unseen">${w.kinds[what].toLowerCase()}</span>
          </button>
        </form>`
      }
    </section>
  `;
}

export type ConfirmContact = {
  readonly shell: AccountShell;
  readonly what: Contact;
  readonly value: string;
  readonly wrong?: boolean | undefined;
};

/** The code that was sent to the new one. */
export function confirmContactPage(frame: Frame, { shell, what, value, wrong = false }: ConfirmContact): Page {
  const w = frame.words.contact.confirm;
  const body = html`
    ${
      wrong
        ? problemSummary({ title: w.wrong.title, text: w.wrong.text, target: 'confirmacion' })
        : html`<p>${w.sent[what](value)}</p>`
    }
    <form class="stack narrow-stack" method="post" action="/cuenta/datos/confirmar" novalidate>
      ${hidden('csrf', shell.csrf)}
      <div class="field">
        <div class="field-top">
          <label for="confirmacion">${w.field}</label>
          <span class="hint" id="confirmacion-ejemplo">${w.hint}</span>
        </div>
        ${wrong && html`<p class="field-problem" id="confirmacion-problema">${w.wrong.field}</p>`}
        <input
          id="confirmacion"
          name="confirmacion"
          type="text"
          autocomplete="one-time-code"
          autocapitalize="characters"
          spellcheck="false"
          required
          autofocus
          aria-describedby=${wrong ? 'confirmacion-problema confirmacion-ejemplo' : 'confirmacion-ejemplo'}
          aria-invalid=${wrong ? 'true' : undefined}
        />
      </div>
      <button class="boton boton-principal">${w.submit}</button>
      <p><a class="boton-texto" href="/cuenta/datos">${w.again}</a></p>
    </form>
  `;
  return accountPage(frame, { shell, section: 'contact', title: w.title, body, problem: wrong });
}
