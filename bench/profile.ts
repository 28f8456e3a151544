/** Where the product's main thread spends its time, by package and by function. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { measure } from './load.ts';
import type { Cores } from './machine.ts';
import type { Options } from './options.ts';
import { SCENARIOS } from './scenarios.ts';
import { productEnv, startServer, type Services } from './servers.ts';

const profileShape = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
      children: z.array(z.number()).optional(),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});
type Profile = z.output<typeof profileShape>;
type Frame = Profile['nodes'][number]['callFrame'];

const SHOWN = 24;

type Tools = { readonly services: Services; readonly cores: Cores; readonly options: Options };

/** Load with the sampling profiler on; figures of speed are not those of an undisturbed run. */
export async function profile({ services, cores, options }: Tools): Promise<string> {
  const { dir, redisUrl, peopled } = services;
  const env = { ...productEnv(dir), DATABASE_URL: await peopled('profiled'), REDIS_URL: redisUrl };
  const launch = { name: 'profiled', script: 'src/main.ts', env, cores: cores?.server, probed: true } as const;
  const server = await startServer(launch);
  const parts: string[] = [];
  try {
    for (const scenario of SCENARIOS.filter(({ name }) => name !== 'discovery')) {
      const { seconds, concurrency } = options;
      await measure(server, scenario, { cores, concurrency, seconds: 1, warmUp: 3 });
      const file = join(dir, `${scenario.name}.cpuprofile`);
      await server.ask('profile');
      const window = await measure(server, scenario, { cores, concurrency, seconds, warmUp: 0 });
      await server.ask('profiled', file);
      if (window.errors.length > 0) throw new Error(window.errors[0]);
      parts.push(`${scenario.title}: main thread ${window.cpu.main.toFixed(2)} ms an operation\n${told(file)}`);
    }
  } finally {
    await server.stop();
  }
  return parts.join('\n\n');
}

function told(file: string): string {
  const { nodes, samples, timeDeltas } = profileShape.parse(JSON.parse(readFileSync(file, 'utf8')));
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const modules = new Map<string, number>();
  const callers = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    const time = timeDeltas[index] ?? 0;
    if (!frame || frame.functionName === '(idle)') return;
    busy += time;
    add(modules, moduleOf(frame), time);
    add(functions, `${frame.functionName || '(anonymous)'} ${moduleOf(frame)}`, time);
    add(callers, callerOf(id, { frames, parents }), time);
  });
  return [
    ...['by module, own time', ...top(modules, busy)],
    ...['by package or file of ours that caused it', ...top(callers, busy)],
    ...['by function, own time', ...top(functions, busy)],
  ].join('\n');
}

const add = (map: Map<string, number>, name: string, time: number) => map.set(name, (map.get(name) ?? 0) + time);

const top = (map: Map<string, number>, whole: number): string[] =>
  [...map]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `  ${((time / whole) * 100).toFixed(1).padStart(5)} %  ${name}`);

/** A package, a file of ours, a module of Node, or what V8 does itself. */
function moduleOf({ url, functionName }: Frame): string {
  const dependency = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (dependency !== undefined) return dependency;
  const own = /\/((?:src|views|bench)\/.*)$/.exec(url)?.[1];
  if (own !== undefined) return own;
  if (url.startsWith('node:')) return url;
  return functionName.startsWith('(') ? functionName : 'native';
}

type Tree = { readonly frames: ReadonlyMap<number, Frame>; readonly parents: ReadonlyMap<number, number> };

/** What Node does for somebody counts for that somebody. */
function callerOf(id: number, { frames, parents }: Tree): string {
  let at: number | undefined = id;
  let name = '';
  while (at !== undefined) {
    const frame = frames.get(at);
    name = frame ? moduleOf(frame) : '';
    if (name !== 'native' && !name.startsWith('node:')) return name === '(root)' ? 'node itself' : name;
    at = parents.get(at);
  }
  return name;
}
