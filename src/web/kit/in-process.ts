import { createServer, request, type RequestListener } from 'node:http';
import { duplexPair } from 'node:stream';

type Init = {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
};
/** As much of `fetch` as a client of OpenID Connect needs. */
export type InProcessFetch = (url: string, init?: Init) => Promise<Response>;

/**
 * A `fetch` that never leaves the process: whole HTTP requests, through two ends of one pipe, into our own handler. The
 * public name need not lead back to this machine (proxies, NAT, a certificate of somebody else's), and nobody waits
 * for another process.
 */
export function inProcess(handler: RequestListener): InProcessFetch {
  // It has the parser and the answers of a server; it never listens.
  const server = createServer(handler);
  return (url, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const [here, there] = duplexPair();
      server.emit('connection', there);
      const { host, pathname, search } = new URL(url);
      const sent = body instanceof URLSearchParams || typeof body === 'string' ? String(body) : '';
      const outgoing = request({
        createConnection: () => here,
        method,
        path: pathname + search,
        headers: { ...headers, host, 'content-length': String(Buffer.byteLength(sent)), connection: 'close' },
      });
      outgoing.once('error', reject).once('response', (answer) => {
        const chunks: Buffer[] = [];
        answer
          .on('data', (chunk: Buffer) => chunks.push(chunk))
          .once('error', reject)
          .once('end', () => {
            const fields = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
              values.map((value): [string, string] => [name, value]),
            );
            const status = answer.statusCode ?? 500;
            const text = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks);
            resolve(new Response(text, { status, headers: fields }));
            here.destroy();
            there.destroy();
          });
      });
      outgoing.end(sent);
    });
}
