import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { helpCodeLine } from '../parts/help-code.ts';
import type { Rp } from '../parts/site.ts';
import { TOOLS } from '../parts/tools.ts';
import { mainWay, otherWay, type Way } from '../parts/way.ts';
import type { Words } from '../words.ts';

export type ProtocolErrorKind = keyof Words['protocolError']['kinds'];
export type ProtocolError = {
  /** The OAuth error code, for developers. */
  readonly error: string;
  readonly helpCode: string;
  readonly kind: ProtocolErrorKind;
  readonly rp?: Rp | undefined;
  /** The site's registered home; without it the way on is ours. Never an address from the request. */
  readonly to?: Way | undefined;
  /** She wanted to sign out, and has not: she does it here. */
  readonly leaving?: boolean | undefined;
  /** More for the developer: a constant text of ours or the library's description. */
  readonly description?: string | undefined;
};

/** The page may know more than the code says; a code that nobody knows is not explained. */
function explain({ errors }: Words, { kind, error }: Pick<ProtocolError, 'kind' | 'error'>) {
  if (kind === 'unknown-client' || kind === 'client-disabled') return errors.kinds[kind];
  const all: Readonly<Record<string, { readonly cause: string; readonly mend: string }>> = errors.protocol;
  return Object.hasOwn(all, error) ? all[error] : undefined;
}

/** An OAuth error that cannot go back to the site: for the citizen first, for its developers below. */
export function protocolErrorPage(frame: Frame, p: ProtocolError): Page {
  const { words } = frame;
  const w = words.protocolError;
  const { title, text } = w.kinds[p.kind];
  const explained = explain(words, p);
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      ${p.kind !== 'unknown-client' && html`<p>${p.rp ? w.contact(p.rp.name) : w.contactUnnamed}</p>`}
      ${p.leaving === true && html`<p>${w.logOut.text}</p>`}
      <div class="stack">
        ${p.leaving === true && mainWay({ href: '/openid/session/end', label: w.logOut.way })}
        ${(p.leaving === true ? otherWay : mainWay)(p.to ?? { href: '/', label: words.ways.home })}
      </div>
      ${helpCodeLine(words, p.helpCode)}
      <details class="more">
        <summary>${w.developers}</summary>
        <dl>
          <dt>${w.error}</dt>
          <dd><code>${p.error}</code></dd>
          ${p.description !== undefined && html`<dd><code>${p.description}</code></dd>`}
          ${
            explained &&
            html`<dt>${words.errors.cause}</dt>
              <dd>${explained.cause}</dd>
              <dt>${words.errors.mend}</dt>
              <dd>${explained.mend}</dd>`
          }
        </dl>
        ${frame.emulator && html`<p><a href=${`${TOOLS.errors}#${p.error}`}>${w.all}</a></p>`}
      </details>
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
