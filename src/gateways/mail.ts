/** A letter as it goes out. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string; readonly html: string };

export interface Mailer {
  send(mail: Mail): Promise<void>;
}

/** A message of the emulator's mailbox (INTERFACE: `/emulador/mensajes.json`). */
export type Message = Mail & {
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

/** The emulator's post: nothing leaves, everything can be read. In memory only. */
export function memoryMailbox(clock: () => number): Mailbox & { send(mail: Mail, at?: number): Promise<void> } {
  const messages: Message[] = [];
  let count = 0;
  return {
    async send(mail, at = clock()) {
      count += 1;
      messages.unshift({ ...mail, id: String(count), at, channel: 'email', headers: {} });
      messages.splice(KEPT);
    },
    list: () => [...messages],
  };
}

/** SMTP by nodemailer, which is loaded when the first letter leaves. */
export function smtpMailer(url: string, from: string): Mailer {
  const loading = async () => (await import('nodemailer')).createTransport(url, { from });
  let transport: ReturnType<typeof loading> | undefined;
  return {
    async send({ to, subject, text, html }) {
      transport ??= loading();
      await (await transport).sendMail({ to, subject, text, html });
    },
  };
}
