/**
 * `node test/run.ts` checks everything; `… check` types, lint, format and architecture; `… deep` what needs time or quiet,
 * `… deep load` of that only restarts, failovers, kills, slow sockets and the flood; `… ARGS` hands ARGS to ava.
 * The last line on stdout is always `N passed, M failed`, and the exit code is 0 only if M is 0 and N is not.
 */
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { attachPostgres, startPostgres } from '../src/stores/embedded-postgres.ts';
import { startRedis } from './support/servers.ts';

const ROOT = resolve(import.meta.dirname, '..');
const ARCHITECTURE = 'test/architecture.test.ts';
const FORMATTED = ['src', 'views', 'migrations', 'test', 'bench', 'eslint.config.ts'];
const COLOUR = process.stdout.isTTY;
/** Each test file is a process, and many start the product: what they load is compiled once. */
const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, 'node_modules', '.compiled') };
const CHECKS = {
  types: ['typescript-7/bin/tsc', '--project', '.', ...(COLOUR ? ['--pretty'] : [])],
  // ESLint reads a TypeScript configuration by itself only with this flag; without it, it wants another package.
  lint: [
    'eslint/bin/eslint.js',
    '--flag',
    'unstable_native_nodejs_ts_config',
    '--max-warnings',
    '0',
    COLOUR ? '--color' : '--no-color',
    '.',
  ],
  format: [
    'prettier/bin/prettier.cjs',
    '--check',
    '--no-error-on-unmatched-pattern',
    '--log-level',
    'warn',
    ...FORMATTED,
  ],
};
/** Races, twenty rounds each. */
const DEEP = ['test/oidc/codes.test.ts', 'test/oidc/sessions.test.ts', 'test/processes/*.test.ts'];
/** Several processes that die under load want a quiet machine: they are run by `deep`. */
const EVERYTHING = ['test/**/*.test.ts', '!test/processes/**'];
const SILENT_MS = 300_000;
const placeOf = (name: string): string => `/usr/bin/${name}`;
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];
/** Chromium without windows, which does nearly all of it with a third of the work. */
const SHELL = placeOf('chromium-headless-shell');

let passed = 0;
const failures: string[] = [];
let interrupted: NodeJS.Signals | undefined;
/** The heads of process groups, so that nothing outlives an interruption. */
const groups = new Set<number>();
const closers: (() => Promise<void>)[] = [];
const temp = mkdtempSync(join(tmpdir(), 'claveunica-test-'));

function count(title: string, fault?: string): void {
  if (fault === undefined) passed++;
  else failures.push(title);
  console.log(fault === undefined ? `  ✔ ${title}` : `  ✘ ${title}${fault && ` — ${fault}`}`);
}

/** Starts a script of node_modules with this Node, in its own process group. */
function run(script: string, options: { args: string[]; env?: NodeJS.ProcessEnv; stderr: 'pipe' | 'inherit' }) {
  const { args, env = process.env, stderr } = options;
  const child = spawn(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: ROOT,
    env: { ...COMPILED, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', stderr],
  });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  const { promise: ended, resolve: end } = Promise.withResolvers<string | undefined>();
  child.once('error', (error) => end(error.message));
  child.once('close', (code, signal) => {
    if (pid !== undefined) groups.delete(pid);
    end(code === 0 ? undefined : `ended with ${code ?? signal ?? 'no code'}`);
  });
  return { child, ended };
}

async function check(name: string, [script = '', ...args]: string[]): Promise<void> {
  const started = performance.now();
  const { child, ended } = run(script, { args, stderr: 'pipe' });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data: Buffer) => output.push(data.toString()));
  const fault = await ended;
  count(`${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`, fault);
  if (fault !== undefined) console.log(output.join(''));
}

/**
 * Runs ava, shows what it says and counts along: what is skipped or left to do has failed. Its TAP is easier to read by
 * a machine, but dies of the first test that times out.
 */
async function runAva(args: string[], env: NodeJS.ProcessEnv): Promise<void> {
  const colour = COLOUR ? { FORCE_COLOR: '1' } : {};
  const { child, ended } = run('ava/entrypoints/cli.js', { args, env: { ...env, ...colour }, stderr: 'inherit' });
  let [good, bad, atEnd] = [0, 0, false];
  // A worker with something left open would keep the run for ever.
  const silence = { kept: false };
  const listen = (): NodeJS.Timeout =>
    setTimeout(() => {
      silence.kept = true;
      interruptGroup(child.pid);
    }, SILENT_MS);
  let patience = listen();
  if (child.stdout) {
    for await (const coloured of createInterface({ input: child.stdout })) {
      console.log(coloured);
      clearTimeout(patience);
      patience = listen();
      const line = stripVTControlCharacters(coloured);
      // After the first rule everything is told again, at length.
      if (line === '  ─') atEnd = true;
      else if (atEnd) continue;
      else if (/^ {2}[✔√] /.test(line)) good++;
      else if (/^ {2}([✘×]|- \[(skip|todo)\]|Uncaught exception in|Unhandled rejection in) ?/.test(line)) {
        bad++;
        failures.push(line.trim());
      }
    }
  }
  clearTimeout(patience);
  const fault = await ended;
  passed += good;
  if (silence.kept) failures.push(`ava said nothing for ${SILENT_MS / 1000} s and was ended`);
  if (bad === 0 && fault !== undefined) failures.push(`ava ${fault}`);
  else if (bad === 0 && (good === 0 || !atEnd)) failures.push('ava did not run to its end');
}

/** The newest Postgres that Debian's packages have installed. */
function debianPostgres(): string {
  const found = globSync('/usr/lib/postgresql/*/bin/initdb').map((path) => dirname(path));
  const version = (bin: string): number => Number(basename(dirname(bin)));
  const newest = found.sort((a, b) => version(b) - version(a))[0];
  if (newest === undefined) throw new Error('there is no /usr/lib/postgresql/*/bin: run `npm test` once as root');
  return newest;
}

/** Starts throw-away servers, and returns the environment in which tests find them. */
async function startServers(): Promise<NodeJS.ProcessEnv> {
  // Without user namespaces root starts Postgres as nobody, who must get through to a folder in this one.
  chmodSync(temp, 0o711);
  const config = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' };
  const [postgres, redis] = await Promise.all([
    startPostgres({ dir: join(temp, 'postgres'), bin: debianPostgres(), config }).then(closeAtEnd),
    startRedis({ dir: temp }).then(closeAtEnd),
  ]);
  guard([postgres.pid, redis.pid]);
  return {
    ...process.env,
    TEST_POSTGRES_URL: postgres.url,
    TEST_REDIS_URL: redis.url,
    TEST_CHROMIUM: process.env['TEST_CHROMIUM'] ?? BROWSERS.map(placeOf).find((path) => existsSync(path)),
    // Whoever names a browser wants that one.
    ...(process.env['TEST_CHROMIUM'] === undefined && existsSync(SHELL) && { TEST_SHELL: SHELL }),
    // What tests put aside goes away with everything else.
    TMPDIR: temp,
  };
}

function closeAtEnd<Server extends { close(): Promise<void> }>(server: Server): Server {
  closers.push(() => server.close());
  return server;
}

/** A shell that hears from its closed stdin that we were killed outright, and then stops what would stay. */
function guard(pids: number[]): void {
  const script = 'read -r _ || { kill -INT "$@"; sleep 2; rm -rf "$0"; }';
  const args = ['-c', script, temp, ...pids.map(String)];
  const shell = spawn('/bin/sh', args, { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  closers.push(async () => void shell.stdin.end('done\n'));
}

async function clean(): Promise<void> {
  for (const result of await Promise.allSettled(closers.map((close) => close())))
    if (result.status === 'rejected') console.error(result.reason);
  // A test that was cut short may have left a Postgres of its own.
  for (const lock of globSync('**/cluster/data/postmaster.pid', { cwd: temp })) {
    const dir = join(temp, dirname(lock), '..', '..');
    if (await attachPostgres(dir)) await (await startPostgres({ dir })).close();
  }
  rmSync(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/** Ends a program and all that it started. */
function interruptGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}

/** Ends what runs now; the way out is the usual one. Who insists, or waits too long, ends it the hard way. */
function interrupt(signal: NodeJS.Signals): void {
  const insists = interrupted !== undefined;
  interrupted = signal;
  const signalAll = (each: NodeJS.Signals): void => {
    for (const group of groups) {
      try {
        process.kill(-group, each);
      } catch {
        // It has just ended.
      }
    }
  };
  signalAll(insists ? 'SIGKILL' : 'SIGTERM');
  setTimeout(() => signalAll('SIGKILL'), 5000).unref();
}

async function main(args: string[]): Promise<void> {
  const checks = (): Promise<void>[] => Object.entries(CHECKS).map(([name, command]) => check(name, command));
  if (args[0] === 'check') {
    await Promise.all([
      ...checks(),
      ...(existsSync(join(ROOT, ARCHITECTURE)) ? [runAva([ARCHITECTURE], process.env)] : []),
    ]);
    return;
  }
  const servers = startServers();
  // A failure to start is reported below.
  servers.catch(() => undefined);
  // Beside the tests: for half of their time they need one core alone.
  const checking = args.length === 0 ? Promise.all(checks()) : undefined;
  const env = await servers;
  if (interrupted) return;
  if (args[0] === 'deep') {
    const [, only] = args;
    if (only === undefined) await runAva(DEEP, { ...env, RACE_ROUNDS: '20' });
    const { child, ended } = run('../test/deep/run.ts', { args: only ? [only] : [], env, stderr: 'inherit' });
    child.stdout?.pipe(process.stdout);
    count(only ?? 'timing gate, fuzz and load', await ended);
  } else await runAva(args.length === 0 ? EVERYTHING : args, env);
  await checking;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
// Nobody reads on, as in `npm test | head`.
process.stdout.on('error', () => interrupt('SIGPIPE'));
try {
  await main(process.argv.slice(2));
} catch (error) {
  console.error(error);
  count('the run itself', 'broke off');
}
await clean();
if (interrupted) count('the run', `interrupted by ${interrupted}`);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((title) => `  ${title}`).join('\n')}`);
console.log(`\n${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
