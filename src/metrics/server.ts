import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Config } from '../config.ts';
import { summed, type Said } from '../domain/figure.ts';
import { written } from '../gateways/prometheus.ts';
import { listen } from '../listen.ts';
import type { Log } from '../parts.ts';
import { Failure } from '../tasks/commands/command.ts';
import { openServer } from '../tls.ts';

/** Who scrapes more often gets the same again; milliseconds. */
const KEPT = 1000;

type Tools = {
  readonly config: Config;
  readonly log: Log;
  /** What the processes of this start say. */
  readonly ask: () => Promise<readonly Said[]>;
  readonly kept?: number;
  /** Milliseconds since anything. */
  readonly now?: () => number;
};

/** Listens at METRICS_PORT, for `GET /metrics` alone. The answer stops it. */
export async function openMetrics({ config, log, ask, ...pace }: Tools): Promise<() => Promise<void>> {
  const { port, host, wanted } = config.metrics;
  if (port === 0) return async () => undefined;
  const told = remembered(pace, async () => written(summed(await ask())));
  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const [path] = (req.url ?? '').split('?');
    const asked = path === '/metrics' && (req.method === 'GET' || req.method === 'HEAD');
    res.setHeader('cache-control', 'no-store');
    if (!asked) {
      res.writeHead(404).end();
      return;
    }
    const { type, text } = await told();
    res.writeHead(200, { 'content-type': type }).end(text);
  };
  const server = openServer({ tls: undefined }, (req, res) => {
    answer(req, res).catch((err: unknown) => {
      log.warn({ err }, 'metrics');
      if (!res.headersSent) res.writeHead(500);
      res.end();
    });
  });
  try {
    return await listen(server, { port, variable: 'METRICS_PORT', config, host });
  } catch (error) {
    // On a laptop a second start goes on without: nobody has asked for it.
    if (wanted || !(error instanceof Failure)) throw error;
    log.warn({ port }, 'METRICS_PORT is taken: this start shows no metrics');
    return async () => undefined;
  }
}

function remembered<T>(
  { kept = KEPT, now = () => performance.now() }: Pick<Tools, 'kept' | 'now'>,
  make: () => Promise<T>,
): () => Promise<T> {
  let known: { readonly answer: Promise<T>; until: number } | undefined;
  return () => {
    if (known && now() < known.until) return known.answer;
    const made = { answer: make(), until: Infinity };
    const over = () => (made.until = now() + kept);
    made.answer.then(over, () => (made.until = 0));
    known = made;
    return made.answer;
  };
}
