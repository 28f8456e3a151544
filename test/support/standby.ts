import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, globSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { findRunner } from '../../src/stores/embedded-postgres/runner.ts';
import { startPostgres, type EmbeddedPostgres } from '../../src/stores/embedded-postgres.ts';

const version = (bin: string) => Number(basename(dirname(bin)));
const config = { fsync: 'off', full_page_writes: 'off' };

/** A primary and a standby that has all that the primary has acknowledged. */
export async function startWithStandby() {
  const [bin] = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a));
  if (bin === undefined) throw new Error('there is no /usr/lib/postgresql/*/bin: run `npm test` once as root');
  const dir = await mkdtemp(join(tmpdir(), 'standby-'));
  // As root Postgres runs as nobody, who must get through.
  chmodSync(dir, 0o711);
  const homes = { primary: join(dir, 'primary'), standby: join(dir, 'standby') };
  const running: EmbeddedPostgres[] = [];
  const start = async (home: string) => {
    const server = await startPostgres({ dir: home, bin, config });
    running.push(server);
    return server;
  };
  const close = async () => {
    for (const server of running.toReversed()) await server.close();
  };
  try {
    const primary = await start(homes.primary);
    await copyOf(homes, { bin, from: new URL(primary.url) });
    const standby = await start(homes.standby);
    await ask(primary.url, `alter system set synchronous_standby_names = '*'`);
    await ask(primary.url, 'select pg_reload_conf()');
    const isSynchronous = async () =>
      (await ask(primary.url, `select from pg_stat_replication where sync_state = 'sync'`)).length === 1;
    for (let tries = 0; !(await isSynchronous()); tries++) {
      if (tries > 300) throw new Error('the standby does not follow');
      await sleep(50);
    }
    return {
      url: primary.url,
      primary,
      standbyPort: Number(new URL(standby.url).port),
      promote: () => ask(standby.url, 'select pg_promote()'),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Source = { readonly bin: string; readonly from: URL };

async function copyOf(homes: { primary: string; standby: string }, { bin, from }: Source): Promise<void> {
  const [cluster, was] = [join(homes.standby, 'cluster'), join(homes.primary, 'cluster')];
  await mkdir(cluster, { recursive: true });
  // Started as the primary was: the same user must own it.
  const { command, options } = await findRunner(homes.primary, bin);
  const args = ['-D', join(cluster, 'data'), '-R', '-X', 'stream', '-c', 'fast', '--no-sync', '-d', from.href];
  const [file, ...rest] = command('initdb', args).map((part) => part.replace(/\/initdb$/, '/pg_basebackup'));
  await promisify(execFile)(file ?? '', rest, { ...options, env: { ...options.env, PGAPPNAME: randomUUID() } });
  await copyFile(join(was, 'password'), join(cluster, 'password'));
}

async function ask(url: string, statement: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<pg.QueryResultRow>(statement)).rows;
  } finally {
    await client.end();
  }
}
