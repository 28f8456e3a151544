import type { AddressInfo } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { until } from './until.ts';

/** As it came: to whom the envelope says, the raw message, and what a mail program makes of it. */
export type Received = { readonly to: readonly string[]; readonly raw: string; readonly mail: ParsedMail };

type Wish = {
  readonly port?: number;
  /** Refuses these addresses for good. */
  readonly refuses?: (address: string) => boolean;
  /** What comes between the end of a letter and «250 OK». */
  readonly before?: (address: string) => Promise<unknown>;
};

/** A real mail server on a port of its own. */
export async function mailServer({ port = 0, refuses = () => false, before = async () => {} }: Wish = {}) {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo: ({ address }, _session, done) =>
      done(refuses(address) ? Object.assign(new Error(`no ${address} here`), { responseCode: 550 }) : null),
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const to = envelope.rcptTo.map(({ address }) => address);
        const bytes = Buffer.concat(chunks);
        void simpleParser(bytes).then(async (mail) => {
          await before(to[0] ?? '');
          received.push({ to, raw: bytes.toString('latin1'), mail });
          done();
        });
      });
    },
  });
  // A client that is killed breaks its connections.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://127.0.0.1:${at}`,
    port: at,
    received,
    /** Of that address, once there are so many; else what has come. */
    async waitFor(address: string, count = 1): Promise<readonly Received[]> {
      const own = () => received.filter(({ to }) => to.includes(address));
      await until(() => own().length >= count);
      return own();
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
