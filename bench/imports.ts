/**
 * What importing costs: memory and time of each package in a process of its own, and of the product's own modules one
 * after another. `node bench/imports.ts` prints it; the benchmark calls it too.
 */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

export type ImportCost = {
  readonly name: string;
  /** Megabytes (10^6) and milliseconds, beyond an empty process. */
  readonly rss: number;
  readonly heap: number;
  readonly ms: number;
};

const PACKAGES = [
  'koa',
  '@koa/router',
  'oidc-provider',
  'jose',
  'zod',
  'knex',
  'pg',
  'ioredis',
  '@node-rs/argon2',
  'pino',
  'preact-render-to-string',
  'graphile-worker',
  'openid-client',
  'nodemailer',
];
/** A small TypeScript file: what the stripper of types costs that Node brings along. */
const STRIPPER = './src/domain/run.ts';
const OWN = ['./src/config.ts', './src/connect.ts', './src/app.ts', './src/tasks/migrate.ts', './src/tasks/work.ts'];

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '..');

const PROGRAM = `
  const settle = () => { gc(); gc(); const { rss, heapUsed } = process.memoryUsage(); return { rss, heapUsed }; };
  let before = settle();
  const rows = [];
  for (const name of process.argv.slice(1)) {
    const begun = performance.now();
    await import(name);
    const ms = performance.now() - begun;
    const after = settle();
    rows.push({ name, rss: (after.rss - before.rss) / 1e6, heap: (after.heapUsed - before.heapUsed) / 1e6, ms });
    before = after;
  }
  console.log(JSON.stringify({ rows, base: before.rss / 1e6 }));
`;

async function inOneProcess(names: readonly string[]): Promise<{ rows: ImportCost[]; base: number }> {
  const args = ['--expose-gc', '--input-type=module', '-e', PROGRAM, ...names];
  const { stdout } = await run(process.execPath, args, { cwd: ROOT });
  return JSON.parse(stdout) as { rows: ImportCost[]; base: number };
}

export type ImportCosts = {
  /** An empty Node, megabytes. */
  readonly node: number;
  readonly alone: readonly ImportCost[];
  readonly together: readonly ImportCost[];
};

/** Measures all of them, one after another. */
export async function importCosts(): Promise<ImportCosts> {
  const { base: node } = await inOneProcess([]);
  const alone: ImportCost[] = [];
  for (const name of [STRIPPER, ...PACKAGES]) alone.push(...(await inOneProcess([name])).rows);
  const { rows } = await inOneProcess([STRIPPER, ...PACKAGES.slice(0, 11), ...OWN]);
  return { node, alone, together: rows };
}

if (import.meta.main) {
  const { node, alone, together } = await importCosts();
  const line = ({ name, rss, heap, ms }: ImportCost) =>
    `${name.padEnd(28)}${rss.toFixed(1).padStart(8)}${heap.toFixed(1).padStart(8)}${ms.toFixed(0).padStart(8)}`;
  console.log(`an empty Node: ${node.toFixed(1)} MB\n${'alone'.padEnd(28)}     RSS    heap      ms`);
  console.log([...alone.map(line), '', 'one after another', ...together.map(line)].join('\n'));
}
