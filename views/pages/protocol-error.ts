import { html, type Page } from '../html.ts';
import { layout, type Frame } from '../layout.ts';
import { helpCodeLine } from '../parts/help-code.ts';
import type { Rp } from '../parts/site.ts';
import { mainWay, type Way } from '../parts/way.ts';
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
  /** More for the developer: a constant text of ours or the library's description. */
  readonly description?: string | undefined;
};

/** An OAuth error that cannot go back to the site: for the citizen first, for its developers below. */
export function protocolErrorPage(frame: Frame, p: ProtocolError): Page {
  const { words } = frame;
  const w = words.protocolError;
  const { title, text, detail } = w.kinds[p.kind];
  const main = html`
    <div class="card">
      <h1>${title}</h1>
      <p class="lead">${text}</p>
      ${p.kind !== 'unknown-client' && html`<p>${p.rp ? w.contact(p.rp.name) : w.contactUnnamed}</p>`}
      <div class="stack">${mainWay(p.to ?? { href: '/', label: words.ways.home })}</div>
      ${helpCodeLine(words, p.helpCode)}
      <details class="more">
        <summary>${w.developers}</summary>
        <dl>
          <dt>${w.error}</dt>
          <dd><code>${p.error}</code></dd>
          <dt>${w.reason}</dt>
          <dd>${detail}</dd>
          ${p.description !== undefined && html`<dd><code>${p.description}</code></dd>`}
        </dl>
      </details>
    </div>
  `;
  return layout(frame, { title, main, narrow: true });
}
