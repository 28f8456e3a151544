/** `npm run bench -- --audit [ROWS] [ACCOUNTS]`: the console's tables on a year of a country's events, sealing, verifying. */
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import pg from 'pg';
import { startPostgres } from '../src/stores/embedded-postgres.ts';
import { serve } from '../test/support/serve.ts';
import { measureChain } from './audit-chain.ts';
import { measurePages, type Place } from './audit-pages.ts';
import { writeSection } from './section.ts';

const counts = process.argv.slice(2).filter((arg) => /^\d+$/.test(arg));
const [rows, accounts] = [Number(counts[0] ?? 50_000_000), Number(counts[1] ?? 5_000_000)];

const dir = mkdtempSync(join(tmpdir(), 'claveunica-audit-'));
// Root starts Postgres as nobody, who must get through to a folder in this one.
chmodSync(dir, 0o711);
const version = (bin: string) => Number(basename(dirname(bin)));
const [bin] = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a));
const postgres = await startPostgres({
  dir: join(dir, 'postgres'),
  bin,
  // Only the making of the rows is in a hurry; a crash may lose it all.
  config: {
    ...{ fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', wal_level: 'minimal', max_wal_senders: '0' },
    ...{ max_wal_size: '16GB', shared_buffers: '2GB', maintenance_work_mem: '1GB', checkpoint_timeout: '1h' },
    ...{ max_parallel_maintenance_workers: '2' },
  },
});
try {
  const pages = await withDatabase('pages', (place) => measurePages(place, { rows, accounts }));
  const chain = await withDatabase('chain', measureChain);
  writeSection(
    'audit',
    '## The audit log at the size of a country\n\nAny table page is wanted with a p95 of 150 ms at most, sealing to keep up with 2,000 events a second, a million rows verified in 20 seconds.',
    [...pages, '', ...chain],
  );
} finally {
  await postgres.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

async function withDatabase(name: string, work: (place: Place) => Promise<readonly string[]>) {
  const server = new pg.Client({ connectionString: postgres.url });
  await server.connect();
  await server.query(`create database ${name}`);
  await server.end();
  const url = new URL(postgres.url);
  url.pathname = name;
  const client = new pg.Client({ connectionString: url.href });
  const app = await serve({ database: url.href, env: { TRUSTED_PROXIES: '127.0.0.1' } });
  await app.close();
  await client.connect();
  try {
    return await work({ url: url.href, client });
  } finally {
    await client.end();
  }
}
