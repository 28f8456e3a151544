import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { parseEnv } from 'node:util';
import pg from 'pg';

const ROOT = new URL('../../', import.meta.url);

export type Env = Readonly<Record<string, string | undefined>>;

const OURS = ['PATH', 'TMPDIR', 'NODE_COMPILE_CACHE'].map((name) => [name, process.env[name]] as const);
/** Starts the operator's command as a process of its own, with that environment and no other. */
export function begin(args: readonly string[], env: Env = {}) {
  const child = spawn(process.execPath, ['src/tasks/clave.ts', ...args], {
    cwd: ROOT,
    env: { ...Object.fromEntries(OURS), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const result = Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { child, result: result.then(([out, err, [code]]) => ({ code, out, err })) };
}

/** Runs it to its end. */
export const clave = (args: readonly string[], env: Env = {}) => begin(args, env).result;

/** The same with `--json`; throws when it did not end with `code`. */
export async function claveJson<T>(args: readonly string[], env: Env = {}, code = 0): Promise<T> {
  const result = await clave([...args, '--json'], env);
  if (result.code !== code) throw new Error(`clave ${args.join(' ')} ended with ${String(result.code)}: ${result.err}`);
  return JSON.parse(result.out) as T;
}

/** What production needs, on that database. */
export const production = (databaseUrl: string, more: Env = {}): Env => ({
  MODE: 'production',
  PUBLIC_ORIGIN: 'https://clave.example.cl',
  DATABASE_URL: databaseUrl,
  MASTER_KEYS: `k1:${'k'.repeat(43)}`,
  SMTP_URL: 'smtp://localhost:25',
  MAIL_FROM: 'ClaveÚnica <no-responder@example.cl>',
  ...more,
});

/** `config/production.env.example` as a shell reads it; `all` takes the commented variables as well. */
export async function exampleEnv({ all }: { all: boolean }): Promise<Record<string, string | undefined>> {
  const example = await readFile(new URL('config/production.env.example', ROOT), 'utf8');
  return { ...parseEnv(all ? example.replace(/^#(?=[A-Z][A-Z0-9_]*=)/gm, '') : example) };
}

/** With every placeholder filled. */
export const filled = (env: Record<string, string | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).map(([name, value = '']) => [
      name,
      name === 'MASTER_KEYS' ? `k1:${'A'.repeat(43)}` : value.replaceAll('CHANGE_ME', 'example.cl'),
    ]),
  );

/** Asks a database directly. */
export async function query<Row extends pg.QueryResultRow>(url: string, statement: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(statement, values)).rows;
  } finally {
    await client.end();
  }
}
