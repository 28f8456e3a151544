import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { attempt } from '../support/attempt.ts';
import type { Check } from './machine.ts';
import { bearable, outOf, people, somebody, twoInstances } from './two.ts';

const KILLS = Number(process.env['KILLS'] ?? 30);

/** One instance after the other is replaced while twenty people a second sign in. */
export async function rollingRestart(progress: (text: string) => void): Promise<readonly Check[]> {
  const two = await twoInstances();
  try {
    const rate = await bearable(two, [20, 15, 10, 5]);
    progress(`rolling restart under ${rate} sign-ins a second`);
    const end = people(two.origin, rate);
    for (const index of [0, 1]) {
      await sleep(500);
      await two.products[index]!.stop('SIGTERM');
      two.products[index] = await two.start(index);
      await two.ready();
    }
    await sleep(500);
    const { bad, told } = outOf(await end());
    const what = `a rolling restart under ${rate} sign-ins a second`;
    return [
      {
        what,
        seen: told,
        wanted: `none fails${rate < 20 ? ' (20 a second were too much for this machine)' : ''}`,
        good: bad.length === 0,
      },
    ];
  } finally {
    await two.close();
  }
}

/** Instances are killed at any moment of sign-ins: the other goes on, and no half of anything stays. */
export async function kills(progress: (text: string) => void): Promise<readonly Check[]> {
  const two = await twoInstances();
  try {
    const end = people(two.origin, 5);
    let alone = 0;
    for (let n = 0; n < KILLS; n++) {
      if (n % 10 === 0) progress(`kill -9: ${n} of ${KILLS}`);
      const index = n % 2;
      await sleep(300 + Math.random() * 1500);
      two.products[index]!.child.kill('SIGKILL');
      await two.products[index]!.ended;
      // A balancer looks every tenth of a second.
      await sleep(300);
      if ((await attempt(two.origin, somebody())).in) alone += 1;
      two.products[index] = await two.start(index);
      await two.ready();
    }
    const results = await end();
    const { bad, told } = outOf(results);
    // Whoever was on the way when it happened may have to begin again; nobody else.
    const strange = bad.filter(({ status }) => ![0, 502, 503].includes(status));
    const state = await stateOf(two.databaseUrl, results.length - bad.length + alone);
    return [
      {
        what: `kill −9 of one of two instances, ${KILLS} times, under 5 sign-ins a second`,
        seen: `${told}; the other served at once ${alone} times of ${KILLS}`,
        ...{ wanted: 'only what was under way breaks off', good: strange.length === 0 && alone === KILLS },
      },
      {
        what: 'afterwards: audit, counters, sessions and letters',
        ...{ seen: state.length === 0 ? 'coherent' : state.join('; '), wanted: 'coherent', good: state.length === 0 },
      },
    ];
  } finally {
    await two.close();
  }
}

/** What does not fit together; `in` people are known to have come in. */
async function stateOf(url: string, entered: number): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const one = async (statement: string) =>
      Number((await client.query<{ count: string }>(`select count(*) from ${statement}`)).rows[0]?.count);
    const logins = await one(`audit where kind = 'login-succeeded'`);
    const faults: string[] = [];
    if (logins < entered) faults.push(`${entered} came in, and ${logins} are recorded`);
    const sessions = await one('sessions');
    if (sessions > logins) faults.push(`${sessions} sessions of ${logins} logins`);
    // The record, the device and its letter are one transaction.
    const [fresh, devices] = [await one(`audit where kind = 'new-device'`), await one('devices')];
    if (fresh !== devices) faults.push(`${devices} devices, and ${fresh} are recorded`);
    const negative = await one('attempts where failures < 0');
    if (negative > 0) faults.push(`${negative} counters below nothing`);
    return faults;
  } finally {
    await client.end();
  }
}
