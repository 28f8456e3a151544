import { isOneAddress } from '../domain/notice.ts';

type Attachment = { readonly filename: string; readonly contentType: string; readonly content: string };

/** A letter as it goes out. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly attachments?: readonly Attachment[] | undefined;
  /** The same when it is sent again, so that mail servers know a repetition. */
  readonly id?: string | undefined;
};

export interface Mailer {
  send(mail: Mail): Promise<void>;
  close?(): void;
}

/** A message of the emulator's mailbox (INTERFACE: `/emulador/mensajes.json`). */
export type Message = Omit<Mail, 'id'> & {
  readonly id: string;
  readonly at: number;
  readonly channel: 'email' | 'sms';
  readonly headers: Readonly<Record<string, string>>;
};
export interface Mailbox {
  /** Newest first. */
  list(): readonly Message[];
}

const KEPT = 500;

/** Nobody's holiday answers to letters of ours (RFC 3834). */
const HEADERS = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' };

type Put = Mail & { readonly channel?: 'email' | 'sms' };
export type EmulatorMailbox = Mailbox & Pick<Mailer, 'close'> & { send(mail: Put, at?: number): Promise<void> };

/** The emulator's post: nothing leaves, everything can be read. In memory only. */
export function memoryMailbox(clock: () => number): EmulatorMailbox {
  const messages: Message[] = [];
  let count = 0;
  return {
    async send({ to, subject, text, html, attachments, channel = 'email' }, at = clock()) {
      count += 1;
      const headers = channel === 'email' ? { To: to, Subject: subject, ...HEADERS } : {};
      const more = attachments && attachments.length > 0 ? { attachments } : {};
      messages.unshift({ to, subject, text, html, ...more, channel, id: String(count), at, headers });
      messages.splice(KEPT);
    },
    list: () => [...messages],
  };
}

const SECOND = 1000;

/** SMTP by nodemailer, which is loaded when the first letter leaves. Errors name no person. */
export function smtpMailer(url: string, from: string): Mailer {
  const loading = async () =>
    (await import('nodemailer')).createTransport(
      {
        ...{ url, pool: true, maxConnections: 5, disableFileAccess: true, disableUrlAccess: true },
        ...{ connectionTimeout: 10 * SECOND, greetingTimeout: 10 * SECOND, socketTimeout: 30 * SECOND },
      },
      { from },
    );
  let transport: ReturnType<typeof loading> | undefined;
  const host = /@([\w.-]+)/.exec(from)?.[1] ?? 'localhost';
  return {
    async send({ to, subject, text, html, attachments = [], id }) {
      if (!isOneAddress(to)) throw new Error('mail: this is not one address');
      transport ??= loading();
      try {
        await (
          await transport
        ).sendMail({
          ...{ subject, text, html, headers: HEADERS, attachments: [...attachments] },
          // As an object it is one recipient, whatever stands in it.
          to: { name: '', address: to },
          ...(id !== undefined && { messageId: `<${id}@${host}>` }),
        });
      } catch (error) {
        throw new Error(`mail: ${reasonOf(error)}`);
      }
    },
    close() {
      void transport?.then((open) => open.close());
    },
  };
}

/** What the operator needs to know; the server's own words often repeat the address. */
function reasonOf(error: unknown): string {
  const { code, responseCode, command } = error as { code?: unknown; responseCode?: unknown; command?: unknown };
  const known = [code, responseCode, command].filter((part) => typeof part === 'string' || typeof part === 'number');
  return known.length > 0 ? known.join(' ') : 'not sent';
}
