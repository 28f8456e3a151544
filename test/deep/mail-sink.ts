import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A letter as it came: to whom, when, and its Message-ID, by which repetitions are known. */
export type Arrived = {
  readonly to: string;
  readonly id: string;
  readonly at: number;
  /** The code in it. */
  readonly code: string | undefined;
};

/** A mail server that reads no more of a letter than it must; it can be killed and come back at its port. */
export async function mailSink(port = 0) {
  const arrived: Arrived[] = [];
  const open = (at: number) => {
    const server = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false, closeTimeout: 1 },
      onData(stream, { envelope }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const whole = Buffer.concat(chunks).toString('latin1');
          const id = /^message-id: *(\S+)/im.exec(whole)?.[1] ?? '';
          const code = /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(whole)?.[0];
          arrived.push({ to: envelope.rcptTo[0]?.address ?? '', id, at: performance.now(), code });
          done();
        });
      },
    });
    // Those who are killed break their connections.
    server.on('error', () => undefined);
    return new Promise<SMTPServer>((resolve) => server.listen(at, '127.0.0.1', () => resolve(server)));
  };
  let server = await open(port);
  const at = (server.server.address() as AddressInfo).port;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    url: `smtp://127.0.0.1:${at}`,
    arrived,
    /** Away for so many milliseconds; what was being said is cut off. */
    async fail(ms: number) {
      await close();
      await new Promise((resolve) => setTimeout(resolve, ms));
      server = await open(at);
    },
    close,
  };
}
