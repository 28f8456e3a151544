/** `npm run bench`: the product beside the yardstick. See `--help`. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { importCosts } from './imports.ts';
import { machineFacts, pinCores, type Cores } from './machine.ts';
import { readOptions, type Options } from './options.ts';
import { profile } from './profile.ts';
import { asMarkdown, asText, type Result } from './report.ts';
import { runRounds } from './rounds.ts';
import { startServices, type Services } from './servers.ts';
import { measureStarts } from './start.ts';
import { rowsOf, verdicts } from './summary.ts';

const DOCUMENT = new URL('../docs/measured.md', import.meta.url);
const BEGIN = '<!-- npm run bench -- --write: begin -->';
const END = '<!-- npm run bench -- --write: end -->';

if (process.argv.includes('--growth')) {
  await import('./growth.ts');
  process.exit();
}
if (process.argv.includes('--booking')) {
  await import('./booking.ts');
  process.exit();
}
if (process.argv.includes('--clients')) {
  await import('./clients.ts');
  process.exit();
}
if (process.argv.includes('--audit')) {
  await import('./audit.ts');
  process.exit();
}
const options = readOptions(process.argv.slice(2));
const cores = pinCores();
if (!cores) console.error('one core, or no taskset: nothing is pinned, and figures are not comparable');
const services = await startServices();
let closed: Promise<void> | undefined;
const close = () => (closed ??= services.close());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => void close().finally(() => process.exit(130)));

try {
  if (options.profile) console.log(await profile({ services, cores, options }));
  else show(await wholeRun({ services, cores, options }));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await close();
}

type Tools = { readonly services: Services; readonly cores: Cores; readonly options: Options };

async function wholeRun(tools: Tools): Promise<Result> {
  const version = commit();
  console.error('imports');
  const imports = await importCosts();
  console.error('starts');
  const starts = await measureStarts(tools.services, { cores: tools.cores, times: tools.options.starts });
  const rounds = await runRounds(tools);
  const rows = rowsOf(rounds);
  const { launches, rounds: count, seconds, concurrency } = tools.options;
  return {
    facts: machineFacts(),
    conditions: {
      commit: version,
      Postgres: tools.services.postgresVersion,
      starts: launches,
      'rounds of each': count,
      'windows of seconds': seconds,
      'users at once': concurrency,
      pinned: tools.cores ? 'yes' : 'no',
    },
    ...{ rounds, starts, imports, rows },
    verdicts: verdicts({ rows, rounds, starts }),
  };
}

function show(result: Result): void {
  console.log(options.json ? JSON.stringify(result, undefined, 2) : asText(result));
  if (options.write) write(asMarkdown(result));
}

/** Replaces what stands between the markers; all else is written by people. */
function write(text: string): void {
  const before = readFileSync(DOCUMENT, 'utf8');
  const [from, to] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`docs/measured.md has lost its markers: ${BEGIN} … ${END}`);
  writeFileSync(DOCUMENT, `${before.slice(0, from)}${BEGIN}\n\n${text}\n\n${before.slice(to)}`);
}

function commit(): string {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: '0' };
  const git = (...args: string[]) =>
    execFileSync('git', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return (
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'views') === '' ? '' : ' with changes')
    );
  } catch {
    return 'unknown';
  }
}
