import type { ErrorPlace, ProtocolErrorCode } from '#src/domain/protocol-error.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { toolPage } from '../../parts/tools.ts';
import type { MessageKind } from '../message.ts';

export type ListedError = {
  readonly code: ProtocolErrorCode;
  readonly status: number;
  readonly at: readonly ErrorPlace[];
};
export type Errors = { readonly protocol: readonly ListedError[] };

/** `/emulador/errores`: what each error means, and how to mend it; the pages and docs/errors.md say the same words. */
export function emulatorErrorsPage(frame: Frame, p: Errors): Page {
  const { words } = frame;
  const w = words.errors;
  const { errors: own } = words.emulator;
  const one = ({ code, status, at }: ListedError) =>
    html`<li class="sheet" id=${code}>
      <h3><code>${code}</code></h3>
      <dl class="facts">
        <dt>${w.cause}</dt>
        <dd>${w.protocol[code].cause}</dd>
        <dt>${w.mend}</dt>
        <dd>${w.protocol[code].mend}</dd>
        <dt>${w.at}</dt>
        <dd>${at.map((place) => w.places[place]).join(' · ')}</dd>
        <dt>${w.status}</dt>
        <dd>${status}</dd>
      </dl>
    </li>`;
  const kinds = Object.keys(w.pages) as readonly MessageKind[];
  const page = (kind: MessageKind) =>
    html`<li class="sheet">
      <h3>${words.message[kind].title}</h3>
      <dl class="facts">
        <dt>${w.cause}</dt>
        <dd>${w.pages[kind].cause}</dd>
        <dt>${w.mend}</dt>
        <dd>${w.pages[kind].mend}</dd>
      </dl>
    </li>`;
  const body = html`
    <section aria-labelledby="protocolo">
      <h2 id="protocolo">${own.protocol}</h2>
      <ul class="sheets">
        ${p.protocol.map(one)}
      </ul>
    </section>
    <section aria-labelledby="con-codigo">
      <h2 id="con-codigo">${own.pages}</h2>
      <p>${own.helpCode}</p>
      <ul class="sheets">
        ${kinds.map(page)}
      </ul>
    </section>
  `;
  return toolPage(frame, { tool: 'errors', body });
}
