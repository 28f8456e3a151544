import { html, type Page } from '../html.ts';
import type { Words } from '../words.ts';
import { hidden } from './form.ts';

export type PasskeyForm = {
  readonly action: string;
  readonly csrf: string;
  /** `in-field`: offered in the RUN field too, while nobody has pressed anything. */
  readonly kind: 'get' | 'create' | 'in-field';
  /** For `navigator.credentials`, in JSON; or where they are. */
  readonly options: Readonly<Record<string, unknown>> | string;
  readonly label: string;
  readonly main?: boolean | undefined;
  /** More fields of the form. */
  readonly fields?: Page | undefined;
};

/** A button that the script shows where the browser knows passkeys. */
export const passkeyForm = (words: Words, p: PasskeyForm): Page => html`
  <form
    class="stack passkey"
    method="post"
    action=${p.action}
    hidden
    data-passkey=${p.kind}
    data-options=${typeof p.options === 'string' ? undefined : JSON.stringify(p.options)}
    data-options-at=${typeof p.options === 'string' ? p.options : undefined}
  >
    ${hidden('csrf', p.csrf)} ${hidden('llave', '')} ${p.fields}
    <button class=${p.main === true ? 'boton boton-principal' : 'boton boton-segundo'}>${keySign()} ${p.label}</button>
    <p
      class="passkey-said"
      role="status"
      data-sending=${words.factor.passkey.sending}
      data-cancelled=${words.factor.passkey.cancelled}
      data-failed=${words.factor.passkey.failed}
      data-taken=${words.factor.passkey.taken}
    ></p>
  </form>
`;

const keySign = (): Page => html`
  <svg class="sign" viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
    <circle cx="8" cy="12" r="4.5" />
    <path d="M12.5 12H21v4M17 12v3" />
  </svg>
`;
