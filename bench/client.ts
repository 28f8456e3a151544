/** The load generator's HTTP: plain node:http with keep-alive, and as much of a cookie jar as the flows need. */
import { Agent, request, type IncomingHttpHeaders } from 'node:http';

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string };
export type Ask = {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};
export type Client = { readonly ask: (ask: Ask) => Promise<Answer>; readonly close: () => void };

const PATIENCE = 30_000;

/** Connections to one server; made for one window of load, so that none has gone stale meanwhile. */
export function createClient(origin: string): Client {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true });
  const ask = ({ method = 'GET', path, headers = {}, body }: Ask) =>
    new Promise<Answer>((resolve, reject) => {
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const call = request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
        answer.on('error', reject);
      });
      call.setTimeout(PATIENCE, () => call.destroy(new Error(`no answer from ${path.replace(/\?.*/, '')}`)));
      call.on('error', reject);
      call.end(body);
    });
  return { ask, close: () => agent.destroy() };
}

type Cookie = { readonly value: string; readonly path: string };
export type Jar = {
  readonly header: (path: string) => Readonly<Record<string, string>>;
  readonly keep: (set: readonly string[] | undefined) => void;
};

/** Knows names, paths and deletion; `remembered` is filled with those cookies that the next jar shall have too. */
export function createJar(remembered = new Map<string, Cookie>(), mark?: RegExp): Jar {
  const cookies = new Map(remembered);
  return {
    header(path) {
      const fitting = [...cookies].filter(([, cookie]) => path.startsWith(cookie.path));
      return fitting.length === 0 ? {} : { cookie: fitting.map(([name, { value }]) => `${name}=${value}`).join('; ') };
    },
    keep(set = []) {
      for (const line of set) {
        const [pair = '', ...attributes] = line.split(/;\s*/);
        const at = pair.indexOf('=');
        const name = pair.slice(0, at);
        const value = pair.slice(at + 1);
        const path = attributes.find((item) => /^path=/i.test(item))?.slice(5) ?? '/';
        if (value === '') cookies.delete(name);
        else cookies.set(name, { value, path });
        if (mark?.test(name) && value !== '') remembered.set(name, { value, path });
      }
    },
  };
}
export type Cookies = Map<string, Cookie>;
