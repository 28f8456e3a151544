import { ConfigError, readConfig } from './config.ts';
import { connect, giveWayToHashes, StartFault } from './connect.ts';
import { installEmulatorClock, systemClock } from './gateways/clock.ts';
import { captureConsole, createLog } from './gateways/log.ts';
import type { Said } from './domain/figure.ts';
import { mustBeFree } from './listen.ts';
import { alone } from './metrics/collection.ts';
import { openMetrics } from './metrics/server.ts';
import { Failure } from './tasks/commands/command.ts';
import { readOptions, type Options } from './tasks/options.ts';
import { prepareStore, summary } from './tasks/prepare.ts';

/** Nobody waits longer for us than platforms do. */
const LEAVE_MS = 30_000;

async function start(options: Options): Promise<void> {
  const config = readConfig();
  const log = createLog(config);
  captureConsole(log);
  const tools = { log, clock: config.emulator ? installEmulatorClock() : undefined };
  // One process alone needs none of it.
  const processes = config.workers > 1 ? await import('./processes.ts') : undefined;
  const serving = () => import('./serve.ts');
  // It loads while Postgres starts; a primary does not serve.
  if (!processes || processes.isWorker) void serving();

  const leaving = new AbortController();
  const isLeaving = () => leaving.signal.aborted;
  let unanswered = () => 0;
  /** Ends the process, whatever comes of the steps: with 0 when everybody had an answer, were it a 503. */
  const end = async (steps: readonly (() => Promise<unknown>)[], code = 0) => {
    if (isLeaving()) return;
    leaving.abort();
    const exit = async () => {
      await log.written();
      process.exit(unanswered() > 0 ? 1 : code);
    };
    const late = () => {
      log.error({ unanswered: unanswered() }, 'time is over: the process ends as it is');
      void exit();
    };
    // The primary has something to close after the last worker.
    setTimeout(late, processes?.isWorker ? LEAVE_MS - 3000 : LEAVE_MS).unref();
    for (const step of steps) await step().catch((err: unknown) => log.error({ err }, 'while stopping'));
    await exit();
  };

  if (processes?.isWorker) {
    let close = async () => {};
    await processes.work({
      clock: systemClock,
      begin: async ({ first, mailbox }) => {
        const live = await connect(config, { ...tools, mailbox });
        ({ close } = live);
        giveWayToHashes(live.parts);
        await live.keepTime();
        const service = await (await serving()).serve(config, live, { first });
        ({ unanswered } = service);
        return service;
      },
      end: (leave) => end([leave, () => close()]),
    });
    return;
  }

  if (options.reset && !config.emulator) throw new Failure('--reset: is for the emulator only');
  if (options.rp !== undefined && !config.emulator)
    throw new Failure('--rp: is for the emulator only; `clave client create` registers sites');
  await mustBeFree(config);
  // The primary touches nothing but Postgres.
  const connecting = connect(processes ? { ...config, redisUrl: undefined } : config, tools);
  let leave = async (_patient: boolean) => {};
  let preparing: Promise<unknown> = Promise.resolve();
  // Those who serve say them, once they do.
  let figures = async (): Promise<readonly Said[]> => [];
  let hide = async () => {};
  // A Postgres that is just being started, or prepared over connections of its own, must not stay behind either.
  const closing = [() => hide(), async () => (await connecting).close(), () => preparing.catch(() => undefined)];
  const stop = (patient: boolean, code = 0) => void end([() => leave(patient), ...closing], code);
  // Who presses Ctrl-C waits for it; a platform has somebody to send to another process first. A terminal tells npm as well,
  // which tells us again: who is leaving goes on leaving.
  process.on('SIGINT', () => stop(false));
  process.on('SIGTERM', () => stop(true));
  const live = await connecting;
  if (isLeaving()) return;
  try {
    preparing = prepareStore(config, { ...tools, options });
    await preparing;
    if (isLeaving()) return;
    hide = await openMetrics({ config, log, ask: () => figures() });
    if (processes) {
      const { databaseUrl } = live;
      const over = () => stop(false, 1);
      ({ leave, unanswered, figures } = await processes.lead({ workers: config.workers, databaseUrl, log, over }));
    } else {
      giveWayToHashes(live.parts);
      await live.keepTime();
      const service = await (await serving()).serve(config, live, { first: true });
      ({ leave, unanswered } = service);
      figures = async () => alone(await service.figures());
    }
    console.log(await summary(config, live, options));
    console.log(`ready ${config.origin}`);
  } catch (error) {
    // What breaks while we leave, breaks because of it.
    if (isLeaving()) return;
    await live.close();
    throw error;
  }
}

start(readOptions(process.argv.slice(2))).catch((error: unknown) => {
  const plain = error instanceof Failure || error instanceof ConfigError || error instanceof StartFault;
  console.error(plain ? error.message : error);
  process.exit(1);
});
