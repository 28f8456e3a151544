/** The whole measurement: every scenario on every server, in rounds, so that noise hits all of them alike. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { memoryOf, type Cores } from './machine.ts';
import { measure, QUIET, untilQuiet, type Shape, type Window } from './load.ts';
import type { Options } from './options.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { productEnv, startServer, type Server, type Services } from './servers.ts';

export const SERVERS = ['yardstick', 'product', 'product-postgres'] as const;
export type ServerName = (typeof SERVERS)[number];

/** At which part of the capacity of the same round people arrive in the paced scenario. */
export const PACE = 0.8;

export type Turn = {
  readonly server: ServerName;
  readonly scenario: Scenario['name'] | 'paced';
  readonly round: number;
};
export type Measured = Turn & { readonly window: Window };

/** Megabytes; the heap is what is left after collection. */
export type Memory = {
  readonly server: ServerName;
  readonly launch: number;
  readonly round: number;
  readonly rss: number;
  readonly heap: number;
};

export type Rounds = {
  readonly windows: readonly Measured[];
  readonly memory: readonly Memory[];
  readonly peak: Readonly<Record<string, number>>;
};

type Tools = { readonly services: Services; readonly cores: Cores; readonly options: Options };

type Databases = { readonly 'with-redis': string; readonly alone: string };

/** Starts the servers that are compared, pinned to their core. */
async function startAll(
  { services, cores }: Pick<Tools, 'services' | 'cores'>,
  databases: Databases,
): Promise<Record<ServerName, Server>> {
  const { dir, redisUrl } = services;
  const common = { cores: cores?.server, probed: true };
  // As in production the login page has no list of people who can be anybody.
  const nobody = join(dir, 'nobody.json');
  writeFileSync(nobody, '[]');
  const envOf = (name: keyof Databases) => ({
    ...productEnv(join(dir, name)),
    ...{ PEOPLE_FILE: nobody, DATABASE_URL: databases[name] },
  });
  const script = 'src/main.ts';
  const started: Server[] = [];
  try {
    const start = async (launch: Parameters<typeof startServer>[0]) => {
      const server = await startServer(launch);
      started.push(server);
      return server;
    };
    return {
      yardstick: await start({
        ...common,
        name: 'yardstick',
        script: 'bench/yardstick.ts',
        env: { REDIS_URL: redisUrl },
      }),
      product: await start({
        ...{ ...common, name: 'product', script },
        env: { ...envOf('with-redis'), REDIS_URL: redisUrl },
      }),
      'product-postgres': await start({ ...common, name: 'product-postgres', script, env: envOf('alone') }),
    };
  } catch (error) {
    await Promise.all(started.map((server) => server.stop()));
    throw error;
  }
}

const usage = z.looseObject({ heapUsed: z.number() });

/** All rounds of all launches. Stops at the first window with an error: what fails is not worth a figure. */
export async function runRounds({ services, cores, options }: Tools): Promise<Rounds> {
  const databases = { 'with-redis': await services.peopled('with_redis'), alone: await services.peopled('alone') };
  const patience = { seconds: options.patience };
  const all: Rounds[] = [];
  for (let launch = 1; launch <= options.launches; launch++) {
    console.error(`start ${launch} of ${options.launches}`);
    const servers = await startAll({ services, cores }, databases);
    try {
      all.push(await roundsOf(launch, { servers, cores, options, patience }));
    } finally {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    }
  }
  return {
    windows: all.flatMap(({ windows }) => windows),
    memory: all.flatMap(({ memory }) => memory),
    peak: Object.fromEntries(SERVERS.map((name) => [name, Math.max(...all.map(({ peak }) => peak[name] ?? 0))])),
  };
}

/** The rounds of one launch. */
async function roundsOf(launch: number, place: Place): Promise<Rounds> {
  const { servers, cores, options } = place;
  const windows: Measured[] = [];
  const memory: Memory[] = [];
  for (const name of SERVERS) {
    console.error(`preheating ${name}`);
    await preheat(servers[name], options.preheat, { cores, concurrency: options.concurrency, warmUp: 0 });
  }
  const first = (launch - 1) * options.rounds + 1;
  for (let round = first; round < first + options.rounds; round++) {
    // In every second round the other way round.
    const order = round % 2 === 1 ? SERVERS : SERVERS.toReversed();
    for (const scenario of SCENARIOS) {
      for (const name of order) {
        if (name === 'yardstick' && !scenario.yardstick) continue;
        windows.push(await one({ server: name, scenario: scenario.name, round }, place));
      }
      if (scenario.name !== 'login') continue;
      const capacity = windows.findLast(({ server }) => server === 'product')?.window.perSecond ?? 0;
      windows.push(await one({ server: 'product', scenario: 'paced', round }, { ...place, rate: capacity * PACE }));
    }
    for (const name of SERVERS) {
      const { heapUsed } = usage.parse(await servers[name].ask('memory'));
      memory.push({ server: name, launch, round, rss: memoryOf(servers[name].pid).rss, heap: heapUsed / 1e6 });
    }
  }
  const peak = Object.fromEntries(SERVERS.map((name) => [name, memoryOf(servers[name].pid).peak]));
  return { windows, memory, peak };
}

/** Most of it with browsers that are known: their logins send no letters, for which each window waits. */
async function preheat(server: Server, logins: number, shape: Omit<Shape, 'seconds'>): Promise<void> {
  const [fresh, known] = [SCENARIOS[0]!, SCENARIOS.find(({ name }) => name === 'login-known')!];
  const seconds = Math.min(10, Math.ceil(logins / 50));
  let done = (await measure(server, fresh, { ...shape, seconds })).operations;
  while (done < logins) done += (await measure(server, known, { ...shape, seconds })).operations;
}

type Place = Pick<Tools, 'cores' | 'options'> & {
  readonly servers: Record<ServerName, Server>;
  /** What is left of the options' patience, of all launches together. */
  readonly patience: { seconds: number };
  readonly rate?: number;
};

/** One window; again while others disturb it and patience lasts: the least disturbed one counts. */
async function one(turn: Turn, place: Place): Promise<Measured> {
  const { cores, patience } = place;
  const tries: Window[] = [];
  do {
    if (cores) patience.seconds -= await untilQuiet(cores, patience.seconds);
    const begun = performance.now();
    tries.push(await oneTry(turn, place));
    if (tries.length > 1) patience.seconds -= (performance.now() - begun) / 1000;
  } while (tries.every(({ strangers }) => strangers > QUIET) && patience.seconds > 0 && tries.length < 3);
  const [window] = tries.sort((a, b) => a.strangers - b.strangers);
  return { ...turn, window: window! };
}

async function oneTry(turn: Turn, { servers, cores, options, rate }: Place): Promise<Window> {
  const { concurrency, seconds, warmUp } = options;
  const wanted = turn.scenario === 'paced' ? 'login' : turn.scenario;
  const scenario = SCENARIOS.find(({ name }) => name === wanted)!;
  const server = servers[turn.server];
  const shape = { cores, concurrency, seconds, warmUp, ...(rate !== undefined && { rate }) };
  const window = await measure(server, scenario, shape);
  const { perSecond, p95, cpu, strangers, errors } = window;
  const name = `round ${turn.round} ${turn.scenario.padEnd(12)} ${turn.server.padEnd(17)}`;
  console.error(
    `${name}${perSecond.toFixed(1).padStart(8)}/s  p95 ${p95.toFixed(0).padStart(5)} ms  CPU ${cpu.total.toFixed(2).padStart(6)} ms` +
      `  strangers ${(strangers * 100).toFixed(0)} %`,
  );
  if (errors.length === 0) return window;
  const said = [...new Set(errors), ...server.complaints.slice(-5)].map((line) => `  ${line.slice(0, 600)}`);
  throw new Error(`${turn.scenario} on ${turn.server}: ${errors.length} wrong answers\n${said.join('\n')}`);
}
