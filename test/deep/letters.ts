import { setTimeout as sleep } from 'node:timers/promises';
import type { Cookies } from '../../bench/client.ts';
import { discovery, logIn, newVisitor, openSite, type Site } from '../../bench/flows.ts';
import { cpuOf } from '../../bench/machine.ts';
import { demoPeople } from '../../bench/people.ts';
import { productEnv } from '../../bench/servers.ts';
import { createVault } from '../../src/gateways/vault.ts';
import { openPostgres, type Knex } from '../../src/stores/connections.ts';
import { postgresOutbox, type Outbox } from '../../src/stores/outbox.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { someAccount } from '../support/memory/versions.ts';
import { onTwoCores, type Check } from './machine.ts';
import { mailSink } from './mail-sink.ts';
import { openLoop, percentile, type Sample } from './pace.ts';

const QUEUED = Number(process.env['LETTERS_QUEUED'] ?? 100_000);
const SECONDS = Number(process.env['LETTERS_SECONDS'] ?? 20);
/** Pairs of windows, one without letters and one beside them. */
const ROUNDS = Number(process.env['LETTERS_ROUNDS'] ?? 6);
/** Before each window, until what the change of scene cost is over; seconds. */
const SETTLE = 3;
/** Until the last of them is gone, not for a window only: half an hour. */
const TO_THE_END = process.env['LETTERS_TO_THE_END'] === '1';
const ASKER = { deviceName: 'Chrome, Android', network: '200.1.2.0/24', site: 'Municipalidad de Los Robles' };

/**
 * A hundred thousand notices wait; people sign in meanwhile, and somebody waits for a code. Windows with and without
 * letters take turns in one process with one runner, first the one and then the other first, so that what others do on
 * the machine meets both alike; what counts are the medians of their p95.
 */
export async function letters(progress: (text: string) => void): Promise<readonly Check[]> {
  const sink = await mailSink();
  const env = { LOG_LEVEL: 'error', SMTP_URL: sink.url };
  try {
    return await onTwoCores({ name: 'letters', env }, async (server, { DATABASE_URL }) => {
      const db = openPostgres(DATABASE_URL, { patience: 60_000 });
      const site = await openSite(server.origin);
      try {
        const house = await furnish(db);
        const people = demoPeople();
        const devices = people.map((): Cookies => new Map());
        const daily = async (seconds: number) =>
          (
            await Promise.all([
              openLoop({ rate: 20, seconds }, () => discovery(site)),
              openLoop({ rate: 3, seconds }, (turn) =>
                logInAt(site, people[turn % people.length]!, devices[turn % people.length]!),
              ),
            ])
          ).flat();
        await daily(5);
        const alone = await arrival(house, sink.arrived);
        progress(`letters: ${QUEUED} are written`);
        const queue = await fill(db, house, QUEUED);
        const scene = async (letters: boolean): Promise<Window> => {
          await (letters ? queue.open() : queue.shut());
          await daily(SETTLE);
          const [before, cpu, begun] = [sink.arrived.length, cpuOf(server.pid).total, performance.now()];
          const samples = await daily(SECONDS);
          const seconds = (performance.now() - begun) / 1000;
          const rate = (sink.arrived.length - before) / seconds;
          const p95 = percentile(samples, 0.95);
          const busy = (cpuOf(server.pid).total - cpu) / seconds;
          progress(
            `letters: p95 ${p95.toFixed(0)} ms ${letters ? `beside ${rate.toFixed(0)} letters a second` : 'without letters'}`,
          );
          return { letters, samples, p95, rate, busy };
        };
        const windows: Window[] = [];
        for (let round = 0; round < ROUNDS; round++)
          for (const letters of round % 2 === 0 ? [false, true] : [true, false]) windows.push(await scene(letters));
        await queue.open();
        const waits = [];
        for (let n = 0; n < 5; n++) waits.push(await arrival(house, sink.arrived));
        while (TO_THE_END && (await left(db)) > 0) await sleep(5000);
        return verdicts({ windows, alone, waits, left: await left(db) });
      } finally {
        site.client.close();
        await db.destroy();
      }
    });
  } finally {
    await sink.close();
  }
}

const logInAt = (site: Site, person: { run: string; password: string }, device: Cookies) =>
  logIn(site, newVisitor(person, device));

type House = { readonly outbox: Outbox; readonly outboxIn: (db: Knex) => Outbox; readonly accountId: string };

async function furnish(db: Knex): Promise<House> {
  const [, key = ''] = (productEnv('')['MASTER_KEYS'] ?? '').split(':');
  const vault = createVault([{ id: 'bench', key: Buffer.from(key, 'base64url') }]);
  const person = { ...someAccount().person, email: 'somebody@correo.example', emailVerified: true };
  const account = someAccount({ person, secret: undefined });
  await postgresAccounts(db, vault).add(account);
  const outboxIn = (other: Knex) => postgresOutbox(other, vault);
  return { outbox: outboxIn(db), outboxIn, accountId: account.id };
}

/**
 * One sealed notice, so often: what counts is the work of sending them. `shut` puts those that wait aside and `open` back,
 * by a table that is emptied at once, so that no dead rows of the test stand in the runner's way.
 */
async function fill(db: Knex, { outboxIn, accountId }: House, count: number) {
  const common = { accountId, at: Date.now(), asker: ASKER, to: 'somebody@correo.example' };
  await db.raw('create table waiting (like graphile_worker._private_jobs)');
  const aside = async (trx: Knex) => {
    await trx.raw('insert into waiting select * from graphile_worker._private_jobs');
    await trx.raw('truncate graphile_worker._private_jobs');
  };
  const shut = () =>
    db.transaction(async (trx) => {
      await trx.raw('lock table graphile_worker._private_jobs in access exclusive mode');
      await aside(trx);
    });
  const open = () =>
    db.transaction(async (trx) => {
      await trx.raw(
        `insert into graphile_worker._private_jobs (task_id, payload, max_attempts)
         select task_id, payload, max_attempts from waiting`,
      );
      await trx.raw('truncate waiting');
    });
  // Put aside before the runner sees it.
  await db.transaction(async (trx) => {
    await outboxIn(trx).add({ letter: 'notice', event: 'new-device', token: 'x'.repeat(43), ...common });
    await aside(trx);
  });
  await db.raw('insert into waiting select w.* from waiting w, generate_series(2, ?)', [count]);
  return { open, shut };
}

/** Milliseconds from the commit of a code's letter until the mail server has it. */
async function arrival({ outbox, accountId }: House, arrived: readonly { readonly at: number; readonly to: string }[]) {
  const to = `code${String(Math.random()).slice(2)}@correo.example`;
  const at = Date.now();
  const about = { accountId, at, until: at + 600_000, code: '7K2M9QXT', asker: ASKER };
  await outbox.add({ letter: 'confirmation-code', to: { channel: 'email', address: to }, ...about });
  const committed = performance.now();
  for (;;) {
    const found = arrived.find((letter) => letter.to === to);
    if (found) return found.at - committed;
    if (performance.now() - committed > 20_000) return Infinity;
    await sleep(2);
  }
}

async function left(db: Knex): Promise<number> {
  const { rows } = await db.raw<{ rows: { count: string }[] }>('select count(*) from graphile_worker._private_jobs');
  return Number(rows[0]?.count);
}

/** `busy`: how much of a core the product took. */
type Window = {
  readonly letters: boolean;
  readonly samples: readonly Sample[];
  readonly p95: number;
  readonly rate: number;
  readonly busy: number;
};
type Seen = {
  readonly windows: readonly Window[];
  readonly alone: number;
  readonly waits: readonly number[];
  readonly left: number;
};

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
}

function verdicts({ windows, alone, waits, left: rest }: Seen): readonly Check[] {
  const [calm, beside] = [false, true].map((letters) => windows.filter((window) => window.letters === letters)) as [
    Window[],
    Window[],
  ];
  const of = (some: readonly Window[], what: 'p95' | 'rate' | 'busy') => median(some.map((window) => window[what]));
  const [before, now, rate] = [of(calm, 'p95'), of(beside, 'p95'), of(beside, 'rate')];
  const all = calm.map(({ p95 }) => p95);
  const samples = beside.flatMap((window) => window.samples);
  const faults = samples.filter(({ fault }) => fault).length;
  const worst = Math.max(...waits);
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  return [
    {
      what: `letters: web beside ${QUEUED} that wait, ${ROUNDS} windows of ${SECONDS} s with and without them in turn, ${samples.length} calls`,
      seen: `p95 ${now.toFixed(0)} ms, without ${before.toFixed(0)} (windows ${Math.min(...all).toFixed(0)} to ${Math.max(...all).toFixed(0)}); ${percent(of(beside, 'busy'))} of a core, without ${percent(of(calm, 'busy'))}; ${faults} faults`,
      wanted: 'p95 at most 20 % more',
      good: now <= before * 1.2 && faults === 0,
    },
    {
      what: 'letters: they drain',
      seen: TO_THE_END
        ? `${rest} left`
        : `${rate.toFixed(0)} a second, all in ${(QUEUED / rate / 60).toFixed(0)} minutes`,
      wanted: 'all of them',
      good: TO_THE_END ? rest === 0 : rate >= 15,
    },
    {
      what: 'letters: a code from its commit to the mail server',
      seen: `${alone.toFixed(0)} ms alone, at most ${worst.toFixed(0)} ms beside them`,
      wanted: 'within a second',
      good: alone <= 1000 && worst <= 1000,
    },
  ];
}
