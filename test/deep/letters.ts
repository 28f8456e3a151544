import { setTimeout as sleep } from 'node:timers/promises';
import type { Cookies } from '../../bench/client.ts';
import { discovery, logIn, newVisitor, openSite, type Site } from '../../bench/flows.ts';
import { demoPeople } from '../../bench/people.ts';
import { productEnv } from '../../bench/servers.ts';
import { createVault } from '../../src/gateways/vault.ts';
import { openPostgres, type Knex } from '../../src/stores/connections.ts';
import { postgresOutbox } from '../../src/stores/outbox.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { someAccount } from '../support/memory/versions.ts';
import { onTwoCores, type Check } from './machine.ts';
import { mailSink } from './mail-sink.ts';
import { openLoop, percentile, type Sample } from './pace.ts';

const QUEUED = Number(process.env['LETTERS_QUEUED'] ?? 100_000);
const SECONDS = Number(process.env['LETTERS_SECONDS'] ?? 20);
/** Until the last of them is gone, not for a window only: half an hour. */
const TO_THE_END = process.env['LETTERS_TO_THE_END'] === '1';
const ASKER = { deviceName: 'Chrome, Android', network: '200.1.2.0/24', site: 'Municipalidad de Los Robles' };

/** A hundred thousand notices wait; people sign in meanwhile, and somebody waits for a code. */
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
        const calm = await daily(SECONDS);
        progress(`letters: ${QUEUED} are put into the outbox`);
        await fill(db, house, QUEUED);
        const [before, begun] = [sink.arrived.length, performance.now()];
        const during = await daily(SECONDS);
        const rate = ((sink.arrived.length - before) * 1000) / (performance.now() - begun);
        const waits = [];
        for (let n = 0; n < 5; n++) waits.push(await arrival(house, sink.arrived));
        while (TO_THE_END && (await left(db)) > 0) await sleep(5000);
        return verdicts({ calm, during, rate, alone, waits, left: await left(db) });
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

type House = { readonly outbox: ReturnType<typeof postgresOutbox>; readonly accountId: string };

async function furnish(db: Knex): Promise<House> {
  const [, key = ''] = (productEnv('')['MASTER_KEYS'] ?? '').split(':');
  const vault = createVault([{ id: 'bench', key: Buffer.from(key, 'base64url') }]);
  const person = { ...someAccount().person, email: 'somebody@correo.example', emailVerified: true };
  const account = someAccount({ person, secret: undefined });
  await postgresAccounts(db, vault).add(account);
  return { outbox: postgresOutbox(db, vault), accountId: account.id };
}

/** One sealed notice, so often: what counts is the work of sending them. */
async function fill(db: Knex, { outbox, accountId }: House, count: number): Promise<void> {
  const common = { accountId, at: Date.now(), asker: ASKER, to: 'somebody@correo.example' };
  await outbox.add({ letter: 'notice', event: 'new-device', token: 'x'.repeat(43), ...common });
  await db.raw(
    `insert into graphile_worker._private_jobs (task_id, payload, max_attempts)
     select task_id, payload, max_attempts from graphile_worker._private_jobs, generate_series(2, ?) order by id desc limit ?`,
    [count, count - 1],
  );
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

type Seen = {
  readonly calm: readonly Sample[];
  readonly during: readonly Sample[];
  readonly rate: number;
  readonly alone: number;
  readonly waits: readonly number[];
  readonly left: number;
};

function verdicts({ calm, during, rate, alone, waits, left: rest }: Seen): readonly Check[] {
  const [before, now] = [calm, during].map((samples) => percentile(samples, 0.95)) as [number, number];
  const faults = during.filter(({ fault }) => fault).length;
  const worst = Math.max(...waits);
  return [
    {
      what: `letters: web beside ${QUEUED} that wait, ${during.length} calls`,
      seen: `p95 ${now.toFixed(0)} ms (calm ${before.toFixed(0)}), ${faults} faults`,
      wanted: 'p95 at most 20 % (or 20 ms) more',
      good: now <= Math.max(before * 1.2, before + 20) && faults === 0,
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
