import { setTimeout as sleep } from 'node:timers/promises';
import { browser } from '../support/browser.ts';
import { relay } from '../support/relay.ts';
import { MUNICIPIO, provider } from '../support/rp.ts';
import { startSentinel } from '../support/sentinel.ts';
import { startWithStandby } from '../support/standby.ts';
import type { Check } from './machine.ts';
import { bearable, outOf, people, somebody, twoInstances, type Two } from './two.ts';

const MOST_MS = 10_000;

/** The master of Redis is killed, and its sentinel makes the replica the master. */
export async function redisFailover(progress: (text: string) => void): Promise<readonly Check[]> {
  const redis = await startSentinel();
  const two = await twoInstances({ redis: redis.url });
  try {
    return await failover(two, {
      name: 'Redis fails over',
      act: async () => void process.kill(redis.masterPid, 'SIGKILL'),
      progress,
    });
  } finally {
    await two.close();
    await redis.close();
  }
}

/** Postgres crashes, and its standby is promoted behind the same address. */
export async function postgresPromotion(progress: (text: string) => void): Promise<readonly Check[]> {
  const postgres = await startWithStandby();
  const wire = await relay(Number(new URL(postgres.url).port));
  const address = new URL(postgres.url);
  address.port = String(wire.port);
  const two = await twoInstances({ database: address.href });
  const act = async () => {
    process.kill(postgres.primary.pid, 'SIGQUIT');
    await sleep(300);
    wire.leadTo(postgres.standbyPort);
    await postgres.promote();
  };
  try {
    return await failover(two, { name: 'Postgres is promoted', act, progress });
  } finally {
    await two.close();
    wire.close();
    await postgres.close();
  }
}

type Failing = { readonly name: string; readonly act: () => Promise<void>; readonly progress: (text: string) => void };

async function failover(two: Two, { name, act, progress }: Failing): Promise<readonly Check[]> {
  const rate = await bearable(two, [20, 15, 10, 5]);
  const op = provider(two.origin);
  const user = browser(two.origin);
  const used = (await op.signIn(user, MUNICIPIO, somebody())).get('code') ?? '';
  const first = await op.redeem(MUNICIPIO, used);
  progress(`${name} under ${rate} sign-ins a second`);
  const end = people(two.origin, rate);
  await sleep(2000);
  const begun = performance.now();
  await act();
  await sleep(MOST_MS + 3000);
  const results = await end();
  const { bad, told } = outOf(results);
  // An instance that is not ready gets no traffic, and without any the balancer says 502.
  const unclear = bad.filter(({ status }) => status !== 503 && status !== 502);
  const lasted = Math.max(0, ...bad.map(({ at }) => at - begun));
  const again = await op.redeem(MUNICIPIO, used);
  const isUsed = first.status === 200 && again.status === 400;
  return [
    {
      what: `${name} under ${rate} sign-ins a second`,
      seen: `${told}; the last that failed began ${(lasted / 1000).toFixed(1)} s after`,
      wanted: `none but 503s, for ≤ ${MOST_MS / 1000} s`,
      good: unclear.length === 0 && lasted <= MOST_MS,
    },
    {
      what: `${name}: a code that was used before`,
      ...{ seen: isUsed ? 'stays used' : `was answered ${first.status}, then ${again.status}` },
      ...{ wanted: 'stays used', good: isUsed },
    },
  ];
}
