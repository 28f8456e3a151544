import type { MailFault } from '#src/domain/emulator-fault.ts';
import { html, type Page } from '../../html.ts';
import type { Frame } from '../../layout.ts';
import { chileanTime } from '../../parts/moment.ts';
import { TOOLS, toolPage } from '../../parts/tools.ts';
import { otherWay } from '../../parts/way.ts';

/** One mail or SMS as it was sent; `at` is an ISO instant. */
export type SentMessage = {
  readonly id: string;
  readonly at: string;
  readonly channel: 'mail' | 'sms';
  readonly to: string;
  readonly subject?: string | undefined;
  readonly text: string;
};

const one = ({ lang, words }: Frame, sent: SentMessage): Page => {
  const w = words.emulator.messages;
  return html`<li class="sheet message" id=${`mensaje-${sent.id}`}>
    <p class="message-top">
      <span class="tag">${w.channel[sent.channel]}</span>
      <time datetime=${sent.at}>${chileanTime(lang, sent.at)}</time>
    </p>
    ${sent.subject !== undefined && html`<h2>${sent.subject}</h2>`}
    <p class="quiet">${w.to} <span class="breakable">${sent.to}</span></p>
    <p class="message-text">${sent.text}</p>
  </li>`;
};

/** How mail comes, and how many letters have not come yet. */
export type Slow = { readonly fault: MailFault; readonly letters: number };

/** Why something does not come. */
function slowly({ words }: Frame, { fault, letters }: Slow): Page {
  const { faults, messages } = words.emulator;
  return html`<div class="sheet on" role="status">
    <h2>${faults.mail.title} · ${faults.mail.kinds[fault]}</h2>
    <p class="quiet">${messages.onTheirWay(letters)}</p>
    <p><a href=${TOOLS.faults}>${faults.change}</a></p>
  </div>`;
}

type Messages = { readonly messages: readonly SentMessage[]; readonly slow?: Slow | undefined };

/** `/emulador/mensajes`: newest first. */
export function emulatorMessagesPage(frame: Frame, p: Messages): Page {
  const w = frame.words.emulator.messages;
  const body =
    p.messages.length === 0
      ? html`<div class="empty">
          <h2>${w.empty}</h2>
          <p>${w.emptyText}</p>
          <p class="ways">
            ${otherWay({ href: '/emulador/mensajes', label: w.refresh })}
            ${otherWay({ href: '/emulador/personas', label: w.signIn })}
          </p>
        </div>`
      : html`<p class="ways">${otherWay({ href: '/emulador/mensajes', label: w.refresh })}</p>
          <ul class="letters">
            ${p.messages.map((sent) => one(frame, sent))}
          </ul>
          <p><a href="/emulador/mensajes.json">${w.json}</a></p>`;
  return toolPage(frame, {
    tool: 'messages',
    body: html`<div>${p.slow && p.slow.fault !== 'none' && slowly(frame, p.slow)} ${body}</div>`,
  });
}
