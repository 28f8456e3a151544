import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../bench/client.ts';
import { logIn, newVisitor, openSite, type Site } from '../../bench/flows.ts';
import { demoPeople, manyPeople } from '../../bench/people.ts';
import { daily, settle, type Daily } from './flood.ts';
import { onTwoCores, type Check } from './machine.ts';
import { openLoop, percentile, type Sample } from './pace.ts';

const SECONDS = Number(process.env['CROWD_SECONDS'] ?? 20);
/** A process on one core serves some forty sign-ins a second. */
const ARRIVALS = Number(process.env['CROWD_ARRIVALS'] ?? 120);
/** Nobody types at once. */
const TYPING_MS = { least: 5000, most: 15_000 };
/** So often a person tries once more. */
const AGAIN = 5;
const LIMITS = { server: 200, known: 0.95, knownMs: 3000, overtaken: 0.01, lost: 0.01, again: 0.2, least: 20 };

const PEOPLE = manyPeople();

/** One who wanted to sign in: when she came, when she was let in, when she was done (milliseconds since the start). */
type Guest = {
  readonly came: number;
  begun?: number;
  done?: number;
  /** How often she had to send or to ask for a page again after she had begun. */
  again: number;
  lost?: string;
};

/**
 * Three times as many people as can be served want to sign in for the first time, all at once, each with a browser that
 * keeps what it is given (R-94): nobody is lost, whoever came first comes in first, all else goes on.
 */
export async function crowd(progress: (text: string) => void): Promise<readonly Check[]> {
  return onTwoCores({ name: 'crowd', env: { LOG_LEVEL: 'error' }, peopled: true }, async (server) => {
    const site = await openSite(server.origin);
    const homes = await settle(site, demoPeople());
    progress(`crowd: ${ARRIVALS} people a second for ${SECONDS} s`);
    const guests: Guest[] = [];
    const start = performance.now();
    const arrivals = openLoop({ rate: ARRIVALS, seconds: SECONDS }, () => visit(site, guests, start));
    const during = await daily(site, homes, SECONDS + 30);
    await arrivals;
    progress('crowd: all are in');
    site.client.close();
    return verdicts(guests, during);
  });
}

async function visit(site: Site, guests: Guest[], start: number): Promise<void> {
  const now = () => performance.now() - start;
  const guest: Guest = { came: now(), again: 0 };
  guests.push(guest);
  const ask = async (step: string, once: () => Promise<Answer>): Promise<Answer> => {
    for (let n = 0; ; n += 1) {
      const answer = await once();
      if (answer.status !== 503 || (step !== 'authorize' && n === AGAIN)) {
        if (step === 'authorize') guest.begun = now();
        return answer;
      }
      if (step !== 'authorize') guest.again += 1;
      await sleep(Number(answer.headers['retry-after'] ?? 5) * 1000);
    }
  };
  const type = () => sleep(TYPING_MS.least + Math.random() * (TYPING_MS.most - TYPING_MS.least));
  await logIn(site, { ...newVisitor(PEOPLE[guests.length % PEOPLE.length]), ask, type }).then(
    () => (guest.done = now()),
    (error: unknown) => (guest.lost = String(error)),
  );
}

function verdicts(guests: readonly Guest[], { servers, people }: Daily): readonly Check[] {
  const lost = Map.groupBy(
    guests.filter((guest) => guest.lost !== undefined),
    (guest) => (guest.lost ?? '').slice(0, 60),
  );
  const why = [...lost].map(([what, all]) => `${all.length} x ${what}`).join(', ');
  const losses = [...lost.values()].flat().length;
  const again = guests.filter((guest) => guest.again > 0).length / guests.length;
  const done = guests.flatMap((guest) => guest.done ?? []).sort((a, b) => a - b);
  const [first = 0, last = 0] = [done[0], done.at(-1)];
  const rate = done.length / ((last - first) / 1000);
  // Of those who came later than she and got in earlier, by more than half a minute.
  const inOrder = guests.filter((guest) => guest.begun !== undefined).sort((a, b) => a.came - b.came);
  let soonest = Infinity;
  let overtaken = 0;
  const by: Sample[] = [];
  for (const { begun = 0 } of inOrder.reverse()) {
    const ms = Math.max(0, begun - soonest);
    by.push({ ms });
    if (ms > 30_000) overtaken += 1;
    soonest = Math.min(soonest, begun);
  }
  const waited = inOrder.map(({ came, begun = 0 }): Sample => ({ ms: begun - came }));
  const inTime = people.filter(({ ms, fault }) => !fault && ms <= LIMITS.knownMs).length / people.length;
  const wrong = servers.filter(({ fault }) => fault).length;
  const seconds = (samples: readonly Sample[], share: number) => (percentile(samples, share) / 1000).toFixed(0);
  return [
    {
      what: `crowd: ${guests.length} who came within ${SECONDS} s`,
      seen: `${done.length} signed in, ${rate.toFixed(0)} a second, after ${seconds(waited, 0.5)} s of waiting (median; ${seconds(waited, 1)} s the longest), ${(again * 100).toFixed(0)} % had to send something again${losses > 0 ? `; lost: ${why}` : ''}`,
      wanted: `none lost but ${LIMITS.lost * 100} %, ≤ ${LIMITS.again * 100} % send again, ≥ ${LIMITS.least} a second`,
      good: again <= LIMITS.again && losses <= guests.length * LIMITS.lost && rate >= LIMITS.least,
    },
    {
      what: 'crowd: who came first was let in first',
      seen: `overtaken by ${seconds(by, 0.5)} s (median), ${seconds(by, 0.99)} s (99 %)`,
      wanted: `≤ 30 s, but for ${LIMITS.overtaken * 100} %`,
      good: overtaken <= guests.length * LIMITS.overtaken,
    },
    {
      what: `crowd: discovery and keys, ${servers.length} calls`,
      seen: `p99 ${percentile(servers, 0.99).toFixed(0)} ms, ${wrong} faults`,
      wanted: `p99 ≤ ${LIMITS.server} ms`,
      good: percentile(servers, 0.99) <= LIMITS.server && wrong === 0,
    },
    {
      what: `crowd: logins on known devices, ${people.length}`,
      seen: `${(inTime * 100).toFixed(1)} % within ${LIMITS.knownMs / 1000} s, p95 ${percentile(people, 0.95).toFixed(0)} ms`,
      wanted: `≥ ${LIMITS.known * 100} %`,
      good: inTime >= LIMITS.known,
    },
  ];
}
