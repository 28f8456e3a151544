import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { accountPage, SECTIONS, type AccountShell } from '../../parts/account.ts';
import { hidden, problemSummary } from '../../parts/form.ts';
import { inPlainWords } from '../../parts/moment.ts';
import { passkeyForm } from '../../parts/passkey.ts';
import { savedCodes, totpSetUp, type TotpSetUp } from '../../parts/set-up.ts';

const HERE = SECTIONS.factors;
const scripts = ['passkey', 'codes'] as const;

export type ListedPasskey = {
  readonly id: string;
  readonly name: string;
  readonly synced: boolean;
  readonly createdAt: number;
  readonly usedAt: number | undefined;
};
export type FactorList = {
  readonly shell: AccountShell;
  readonly passkeys: readonly ListedPasskey[];
  readonly totp: { readonly createdAt: number; readonly usedAt: number | undefined } | undefined;
  /** How many are left; undefined when none were ever made. */
  readonly codes: number | undefined;
  readonly done?: 'added' | 'removed' | 'renamed' | undefined;
  /** Whether there is an address to which such changes are told. */
  readonly told: boolean;
};

/** Every way there is beside the ClaveÚnica, and what can be done with each. */
export function factorsPage(frame: Frame, p: FactorList): Page {
  const { lang, words } = frame;
  const w = words.factors;
  const when = (at: number) => inPlainWords({ lang, words, at, now: p.shell.now });
  const facts = ({ createdAt, usedAt }: { readonly createdAt: number; readonly usedAt: number | undefined }) =>
    html`<p class="quiet">${w.since(when(createdAt))} ${usedAt === undefined ? w.unused : w.used(when(usedAt))}</p>`;
  const named = p.passkeys.map((passkey) => ({ ...passkey, name: passkey.name || w.passkeys.unnamed }));
  const some = p.passkeys.length > 0 || p.totp !== undefined;
  const body = html`
    ${p.done && html`<p class="note" role="status">${w.done[p.done]}${p.told && p.done !== 'renamed' && ` ${w.told}`}</p>`}
    <p class="lead">${some ? w.lead : w.none}</p>
    <section aria-labelledby="llaves">
      <h2 id="llaves">${w.passkeys.title}</h2>
      <ul class="factors">
        ${named.map(
          (passkey) =>
            html`<li>
              <p><strong>${passkey.name}</strong></p>
              ${passkey.synced && html`<p class="quiet">${w.passkeys.synced}</p>`} ${facts(passkey)}
              <p class="factor-ways">
                <a class="boton-texto" href=${`${HERE}/nombre/${passkey.id}`}
                  >${w.rename}<span class="unseen"> ${passkey.name}</span></a
                >
                <a class="boton-texto" href=${`${HERE}/quitar/${passkey.id}`}
                  >${w.remove}<span class="unseen"> ${passkey.name}</span></a
                >
              </p>
            </li>`,
        )}
      </ul>
      <p><a class="boton boton-segundo" href=${`${HERE}/llave`}>${w.passkeys.add}</a></p>
    </section>
    <section aria-labelledby="aplicacion">
      <h2 id="aplicacion">${w.totp.title}</h2>
      ${
        p.totp
          ? html`${facts(p.totp)}
              <p class="factor-ways">
                <a class="boton-texto" href=${`${HERE}/quitar/aplicacion`}
                  >${w.remove}<span class="unseen"> ${w.totp.title}</span></a
                >
              </p>`
          : html`<p>${w.totp.text}</p>
              <p><a class="boton boton-segundo" href=${`${HERE}/aplicacion`}>${w.totp.add}</a></p>`
      }
    </section>
    ${
      some &&
      html`<section aria-labelledby="respaldo">
        <h2 id="respaldo">${w.codes.title}</h2>
        <p>${p.codes === undefined ? w.codes.none : w.codes.left(p.codes)}</p>
        <p>
          <a class="boton boton-segundo" href=${`${HERE}/codigos`}
            >${p.codes === undefined ? w.codes.make : w.codes.again}</a
          >
        </p>
      </section>`
    }
    <section aria-labelledby="perdidos">
      <h2 id="perdidos">${w.lost.title}</h2>
      <p>${w.lost.text}</p>
      <p><a href="/ayuda#factor">${words.factor.lost.way}</a></p>
    </section>
  `;
  return accountPage(frame, { shell: p.shell, section: 'factors', body });
}

type Step = { readonly shell: AccountShell; readonly problem?: 'refused' | 'over' | 'taken' | 'recovered' | undefined };
const told = ({ words }: Frame, { problem }: Step) => problem && problemSummary(words.factor.setUp.problem[problem]);

/** A passkey with its name. */
export function addPasskeyPage(
  frame: Frame,
  p: Step & { readonly name: string; readonly options: Readonly<Record<string, unknown>> },
): Page {
  const w = frame.words.factors;
  const { passkey } = frame.words.factor.setUp;
  const fields = html`<div class="field">
    <div class="field-top">
      <label for="nombre">${w.passkeys.name}</label>
      <span class="hint" id="nombre-ejemplo">${w.passkeys.nameHint}</span>
    </div>
    <input id="nombre" name="nombre" type="text" value=${p.name} maxlength="40" aria-describedby="nombre-ejemplo" />
  </div>`;
  const body = html`
    ${told(frame, p)}
    <p>${passkey.text}</p>
    ${
      p.problem !== 'recovered' &&
      passkeyForm(frame.words, {
        ...{ action: `${HERE}/llave`, csrf: p.shell.csrf, options: p.options, kind: 'create', main: true, fields },
        label: passkey.submit,
      })
    }
    <p class="note" data-without-passkey="">${frame.words.factor.passkey.cannot}</p>
    <p><a href=${HERE}>${w.back}</a></p>
  `;
  const problem = p.problem !== undefined;
  return accountPage(frame, { shell: p.shell, section: 'factors', title: w.passkeys.add, body, problem, scripts });
}

export function addTotpPage(frame: Frame, p: Step & { readonly totp: TotpSetUp | undefined }): Page {
  const w = frame.words.factors;
  const body = html`
    ${told(frame, p)}
    <p>${frame.words.factor.setUp.totp.text}</p>
    ${p.totp && totpSetUp(frame.words, p.totp)}
    <p><a href=${HERE}>${w.back}</a></p>
  `;
  const problem = p.problem !== undefined || p.totp?.wrong === true;
  return accountPage(frame, { shell: p.shell, section: 'factors', title: w.totp.add, body, problem });
}

/** First what new codes mean; then the codes, once. */
export function accountCodesPage(
  frame: Frame,
  p: {
    readonly shell: AccountShell;
    readonly left: number | undefined;
    readonly codes?: readonly string[] | undefined;
  },
): Page {
  const w = frame.words.factors.codes;
  const body = p.codes
    ? html`<p>${frame.words.factor.codes.fresh.text}</p>
        ${savedCodes(frame.words, p.codes)}
        <div class="stack"><a class="boton boton-principal" href=${HERE}>${w.kept}</a></div>`
    : html`<p>${w.text}</p>
        ${p.left !== undefined && html`<p class="note">${w.replaces(p.left)}</p>`}
        <form class="stack" method="post" action=${`${HERE}/codigos`}>
          ${hidden('csrf', p.shell.csrf)}
          <button class="boton boton-principal">${w.make}</button>
        </form>
        <p><a href=${HERE}>${frame.words.factors.back}</a></p>`;
  return accountPage(frame, { shell: p.shell, section: 'factors', title: w.title, body, scripts });
}

export function renamePasskeyPage(
  frame: Frame,
  p: { readonly shell: AccountShell; readonly id: string; readonly name: string },
): Page {
  const w = frame.words.factors;
  const body = html`
    <form class="stack" method="post" action=${`${HERE}/nombre/${p.id}`} novalidate>
      ${hidden('csrf', p.shell.csrf)}
      <div class="field">
        <div class="field-top">
          <label for="nombre">${w.passkeys.name}</label>
          <span class="hint" id="nombre-ejemplo">${w.passkeys.nameHint}</span>
        </div>
        <input id="nombre" name="nombre" type="text" value=${p.name} maxlength="40" aria-describedby="nombre-ejemplo" />
      </div>
      <button class="boton boton-principal">${w.save}</button>
    </form>
    <p><a href=${HERE}>${w.back}</a></p>
  `;
  return accountPage(frame, { shell: p.shell, section: 'factors', title: w.renameTitle, body });
}

export type Removal = {
  readonly shell: AccountShell;
  /** Its place in the address. */
  readonly id: string;
  /** A passkey's. */
  readonly name?: string | undefined;
  readonly kind: 'passkey' | 'totp';
  /** Nothing else is left afterwards but the ClaveÚnica. */
  readonly last: boolean;
};

/** What follows is said before it happens. */
export function removeFactorPage(frame: Frame, p: Removal): Page {
  const w = frame.words.factors;
  const body = html`
    <p>${p.kind === 'passkey' ? w.removal.passkey(p.name || w.passkeys.unnamed) : w.removal.totp}</p>
    ${
      p.last
        ? html`<ul class="points">
            ${w.removal.last.map((text) => html`<li>${text}</li>`)}
          </ul>`
        : html`<p>${w.removal.others}</p>`
    }
    <form class="stack" method="post" action=${`${HERE}/quitar/${p.id}`}>
      ${hidden('csrf', p.shell.csrf)}
      <button class="boton boton-principal">${w.removal.submit}</button>
    </form>
    <p><a href=${HERE}>${w.removal.keep}</a></p>
  `;
  return accountPage(frame, { shell: p.shell, section: 'factors', title: w.removal.title, body });
}
