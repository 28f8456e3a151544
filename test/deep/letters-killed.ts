import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import pg from 'pg';
import { logIn, newVisitor, openSite } from '../../bench/flows.ts';
import { productEnv, startServer, startServices, type Server } from '../../bench/servers.ts';
import { PATIENCE_S } from '../../src/tasks/work.ts';
import type { Check } from './machine.ts';
import { mailSink, type Arrived } from './mail-sink.ts';

const KILLS = Number(process.env['LETTER_KILLS'] ?? 20);

/**
 * People sign in on new devices, each of which is told by letter, while the product is killed outright at random moments
 * and the mail server goes away. In the end every sign-in that is on record has had its letter, and nobody else.
 */
export async function lettersKilled(progress: (text: string) => void): Promise<readonly Check[]> {
  const [services, sink] = [await startServices(), await mailSink()];
  try {
    const DATABASE_URL = await services.database('killed');
    const env = { ...productEnv(join(services.dir, 'data')), DATABASE_URL, SMTP_URL: sink.url, LOG_LEVEL: 'fatal' };
    const start = () => startServer({ name: 'killed', script: 'src/main.ts', cores: undefined, env });
    for (let round = 0; round < KILLS; round++) {
      const server = await start();
      if (round % 5 === 0) progress(`letters: ${round} of ${KILLS} kills`);
      await Promise.all([signInUntilDead(server), dieSoon(server), round % 3 === 0 && sink.fail(Math.random() * 1500)]);
    }
    const last = await start();
    const db = new pg.Client({ connectionString: DATABASE_URL });
    await db.connect();
    try {
      return verdicts(await allSent(db), sink.arrived);
    } finally {
      await db.end();
      await last.stop();
    }
  } finally {
    await sink.close();
    await services.close();
  }
}

/** Somebody after the other, until nobody answers. */
async function signInUntilDead(server: Server): Promise<void> {
  const site = await openSite(server.origin).catch(() => undefined);
  while (site) {
    const went = await logIn(site, newVisitor()).then(
      () => true,
      () => false,
    );
    if (!went) break;
  }
  site?.client.close();
}

async function dieSoon({ pid }: Server): Promise<void> {
  await sleep(300 + Math.random() * 2000);
  process.kill(pid, 'SIGKILL');
}

type Books = { readonly told: number; readonly left: number; readonly seconds: number };

/** Waits until no job is left: those that a killed process held come free first. */
async function allSent(db: pg.Client): Promise<Books> {
  const begun = performance.now();
  const count = async (sql: string) => Number((await db.query<{ count: string }>(sql)).rows[0]?.count);
  const jobs = () => count(`select count(*) from graphile_worker.jobs where task_identifier = 'letter'`);
  while ((await jobs()) > 0 && performance.now() - begun < (PATIENCE_S + 60) * 1000) await sleep(500);
  const seconds = (performance.now() - begun) / 1000;
  // The letter of who has no confirmed address is never made.
  const told = await count(
    `select count(*) from audit where kind = 'new-device' and account_id in (select account_id from notices)`,
  );
  return { told, left: await jobs(), seconds };
}

function verdicts({ told, left, seconds }: Books, arrived: readonly Arrived[]): readonly Check[] {
  const different = new Set(arrived.map(({ id }) => id)).size;
  return [
    {
      what: `letters: the product killed outright ${KILLS} times, the mail server away every third time`,
      seen: `${told} sign-ins on record, ${different} letters (${arrived.length - different} of them twice), ${left} left, the last after ${seconds.toFixed(0)} s`,
      wanted: 'one letter for each, none left',
      good: told > KILLS && different === told && left === 0,
    },
  ];
}
