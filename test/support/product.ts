import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './servers.ts';

const ROOT = new URL('../../', import.meta.url);
const OURS = ['PATH', 'NODE_COMPILE_CACHE'].map((name) => [name, process.env[name]] as const);

/** Runs the program as `npm start` does, and collects what it says. */
export function run(args: readonly string[], env: Readonly<Record<string, string | undefined>>) {
  const child = spawn(process.execPath, ['src/main.ts', ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(OURS), ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, said, ended };
}

/** The product on free ports with a folder of its own: embedded Postgres unless `env` says otherwise. */
export async function startProduct(env: Readonly<Record<string, string>> = {}, args: readonly string[] = []) {
  const [port, demoPort, consolePort] = [await freePort(), await freePort(), await freePort()];
  const dir = env['DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'claveunica-')));
  const begun = performance.now();
  const { child, said, ended } = run(args, {
    PORT: String(port),
    DEMO_PORT: String(demoPort),
    CONSOLE_PORT: String(consolePort),
    METRICS_PORT: '0',
    DATA_DIR: dir,
    LOG_LEVEL: 'warn',
    STORE_TIMEOUT_MS: '20000',
    HASH_QUEUE_MS: '20000',
    ...env,
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => {
      if (/^ready /m.test(said.out)) resolve();
    });
    void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${said.err}`)));
  });
  return {
    origin: `http://localhost:${port}`,
    demo: `http://localhost:${demoPort}`,
    console: `http://localhost:${consolePort}`,
    dir,
    child,
    said,
    ended,
    startedIn: performance.now() - begun,
    /** As Ctrl-C or a platform does it. */
    stop: async (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}
