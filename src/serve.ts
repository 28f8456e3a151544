import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Live } from './connect.ts';
import type { Figure } from './domain/figure.ts';
import { startDemo } from './demo/server.ts';
import { connectionsOf, DOORS, listen } from './listen.ts';
import { figuresOf } from './metrics/figures.ts';
import { prepareKeys } from './oidc/keys.ts';
import type { Parts } from './parts.ts';
import { openServer } from './tls.ts';

/** Ends a process's service: `patient` waits until those who send traffic have noticed. */
export type Leave = (patient: boolean) => Promise<void>;
export type Service = {
  readonly leave: Leave;
  /** How many requests have no answer yet. */
  readonly unanswered: () => number;
  /** What there is to say of this process to operators. */
  readonly figures: () => Promise<readonly Figure[]>;
};

/** Balancers ask `/readyz` every second or so; they have understood when nothing comes any more. In steps. */
const STEP_MS = 50;
const NOTICE = { least: 40, most: 200, quiet: 20 };
/** Whoever looks after us asks on for as long as we live: that is no traffic. */
const PROBE = /^\/(readyz|healthz)(\?|$)/;

/** Tells whether those who send traffic have noticed that they should not: asked once a step. */
export function notice() {
  let [steps, quiet] = [0, 0];
  return {
    heard: (url = '') => {
      if (!PROBE.test(url)) quiet = 0;
    },
    step: () => {
      steps += 1;
      quiet += 1;
    },
    isTaken: () => steps >= NOTICE.most || (steps >= NOTICE.least && quiet >= NOTICE.quiet),
  };
}

/** Listens, and works off jobs. Of the processes of one start the `first` alone has the demo sites and the jobs. */
export async function serve(config: Config, live: Live, { first }: { readonly first: boolean }): Promise<Service> {
  // Before the first password is looked at.
  await live.masterKeys.inherit();
  let [leaving, isWatched] = [false, false];
  const noticed = notice();
  const health: Parts['health'] = async () => {
    isWatched = true;
    return leaving ? { process: false } : live.parts.health();
  };
  const {
    koa,
    console: consoleApp,
    op,
    calls,
  } = createApp(config, { ...live.parts, health }, await prepareKeys(live.parts));
  const handle = koa.callback();
  const answering = new Set<ServerResponse>();
  const awaited = (res: ServerResponse) => {
    answering.add(res);
    res.once('close', () => answering.delete(res));
    if (leaving) closeAfter(res);
  };
  const answer = (req: IncomingMessage, res: ServerResponse) => {
    awaited(res);
    noticed.heard(req.url);
    void handle(req, res);
  };
  const shared = config.workers > 1;
  const server = openServer(config, answer);
  server.on('upgrade', calls.citizens);
  const connections = connectionsOf(server);
  live.parts.meters.watch('claveunica_connections', {}, () => connections.size);
  const closing = [await listen(server, { port: config.port, variable: 'PORT', config, shared, doors: DOORS })];
  if (config.mtls)
    closing.push(
      await listen(openServer({ tls: config.tls, asksForCertificates: true }, answer), {
        ...{ port: config.mtls.port, variable: 'MTLS_PORT', config, shared },
      }),
    );
  if (config.consolePort > 0) {
    const console = consoleApp.callback();
    const tls = config.consoleOrigin.startsWith('https:') ? config.tls : undefined;
    const server = openServer({ tls }, (req, res) => {
      awaited(res);
      void console(req, res);
    });
    server.on('upgrade', calls.staff);
    closing.push(await listen(server, { port: config.consolePort, variable: 'CONSOLE_PORT', config, shared }));
  }
  if (first && config.demoPort > 0)
    closing.push(
      await startDemo(config, (handler) =>
        listen(openServer({ tls: undefined }, handler), { port: config.demoPort, variable: 'DEMO_PORT', config }),
      ),
    );
  const following = op.follow();
  // The job runner is loaded when the first pages can already be served. One copes with more letters than a mail server
  // takes, so that the other processes are spared its memory and its connections.
  const jobs = first
    ? import('./tasks/work.ts').then((work) => work.startJobs({ ...live, config, provider: op.provider }))
    : undefined;
  jobs?.catch((err: unknown) => live.parts.log.error({ err }, 'jobs'));
  void Promise.allSettled([jobs]).then(() => setImmediate(tidy));
  const leave: Leave = async (patient) => {
    leaving = true;
    answering.forEach(closeAfter);
    const isAlone = () => !isWatched && connections.size === 0;
    while (patient && !noticed.isTaken() && !isAlone()) {
      await sleep(STEP_MS);
      noticed.step();
    }
    // Before the listeners, which wait for every connection; the windows find another process.
    await calls.close();
    // One beside the other: a store that is away holds up each of them for a while.
    const begun = jobs ? [following, jobs] : [following];
    const ends = [...closing.map((close) => close()), ...begun.map(async (stop) => (await stop)())];
    for (const end of await Promise.allSettled(ends))
      if (end.status === 'rejected') live.parts.log.error({ err: end.reason }, 'while stopping');
  };
  return {
    leave,
    unanswered: () => answering.size,
    figures: figuresOf({ ...live, first, isLeaving: () => leaving }),
  };
}

/**
 * What was needed to start, and is needed no more, goes back to the system at once: 25 MB, which the collector would
 * keep for quieter times. `npm start` gives Node the means (`--expose-gc`).
 */
function tidy(): void {
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** Who kept the connection would run into its end. */
function closeAfter(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('connection', 'close');
}
