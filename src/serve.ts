import { createServer, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Live } from './connect.ts';
import { startDemo } from './demo/server.ts';
import { listen, WATCHFUL } from './listen.ts';
import { prepareKeys } from './oidc/keys.ts';
import type { Parts } from './parts.ts';

/** Ends a process's service: `patient` waits until those who send traffic have noticed. */
export type Leave = (patient: boolean) => Promise<void>;

/** Balancers ask `/readyz` every second or so; they have understood when nothing comes any more. In steps. */
const STEP_MS = 50;
const NOTICE = { least: 40, most: 200, quiet: 20 };

/** Listens, and works off jobs. Of the processes of one start the `first` alone has the demo sites and the jobs. */
export async function serve(config: Config, live: Live, { first }: { readonly first: boolean }): Promise<Leave> {
  let [leaving, isWatched, quiet] = [false, false, 0];
  const health: Parts['health'] = async () => {
    isWatched = true;
    return leaving ? { process: false } : live.parts.health();
  };
  const { koa, provider } = createApp(config, { ...live.parts, health }, await prepareKeys(live.parts));
  const handle = koa.callback();
  const answering = new Set<ServerResponse>();
  const server = createServer(WATCHFUL, (req, res) => {
    answering.add(res);
    res.once('close', () => answering.delete(res));
    if (leaving) closeAfter(res);
    if (req.url !== '/readyz') quiet = 0;
    void handle(req, res);
  });
  const closing = [await listen(server, { port: config.port, variable: 'PORT', config, shared: config.workers > 1 })];
  if (first && config.demoPort > 0)
    closing.push(
      await startDemo(config, (handler) =>
        listen(createServer(WATCHFUL, handler), { port: config.demoPort, variable: 'DEMO_PORT', config }),
      ),
    );
  // The job runner is loaded when the first pages can already be served. One copes with more letters than a mail server
  // takes, so that the other processes are spared its memory and its connections.
  const jobs = first
    ? import('./tasks/work.ts').then((work) => work.startJobs({ ...live, config, provider }))
    : undefined;
  jobs?.catch((err: unknown) => live.parts.log.error({ err }, 'jobs'));
  return async (patient) => {
    leaving = true;
    answering.forEach(closeAfter);
    const isNoticed = async (step: number) =>
      (step >= NOTICE.least && quiet >= NOTICE.quiet) || (!isWatched && !(await isConnected(server)));
    for (let step = 0; patient && step < NOTICE.most && !(await isNoticed(step)); step++) {
      await sleep(STEP_MS);
      quiet++;
    }
    await Promise.all(closing.map((close) => close()));
    await (
      await jobs
    )?.();
  };
}

/** Who kept the connection would run into its end. */
function closeAfter(res: ServerResponse): void {
  if (!res.headersSent) res.setHeader('connection', 'close');
}

const isConnected = (server: Server) =>
  new Promise<boolean>((resolve) => server.getConnections((error, count) => resolve(!error && count > 0)));
