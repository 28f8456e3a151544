import { setTimeout as sleep } from 'node:timers/promises';
import { ALARM, minuteOf, type Tally } from '../../../src/domain/alarm.ts';
import { counted, curveOf, wait, type Counter, type Key } from '../../../src/domain/throttle.ts';
import type { Artifact, Artifacts, NewArtifact } from '../../../src/stores/artifacts.ts';
import type { Attempts } from '../../../src/stores/attempts.ts';
import type { Limits } from '../../../src/stores/limits.ts';

type Row = NewArtifact & { readonly consumedAt: number | undefined };

const copied = (members: Readonly<Record<string, Buffer>> = {}) =>
  Object.fromEntries(Object.entries(members).map(([name, value]) => [name, Buffer.from(value)]));

/** `delay` (ms) puts the store as far away as a real one: else no race ever shows. */
export function memoryArtifacts({ delay = 0 }: { delay?: number } = {}): Artifacts {
  const rows = new Map<string, Row>();
  const name = (key: Buffer) => key.toString('hex');
  const travel = () => (delay > 0 ? sleep(delay) : undefined);
  const alive = (row: Row | undefined, now: number) => (row && row.expiresAt > now ? row : undefined);
  const taken = (row: Row | undefined): Artifact | undefined =>
    row && {
      key: Buffer.from(row.key),
      payload: Buffer.from(row.payload),
      members: copied(row.members),
      consumedAt: row.consumedAt,
    };
  const set = (artifact: NewArtifact, was?: Row) =>
    rows.set(name(artifact.key), {
      ...artifact,
      key: Buffer.from(artifact.key),
      payload: Buffer.from(artifact.payload),
      members: { ...was?.members, ...copied(artifact.members) },
      consumedAt: was?.consumedAt,
    });

  return {
    async put(artifact) {
      await travel();
      set(artifact, rows.get(name(artifact.key)));
    },
    async putOnce(artifact) {
      await travel();
      if (rows.has(name(artifact.key))) return false;
      set(artifact);
      return true;
    },
    async get(key, now) {
      const found = taken(alive(rows.get(name(key)), now));
      await travel();
      return found;
    },
    async getWith(key, now) {
      const row = alive(rows.get(name(key)), now);
      const led = row?.leads && taken(alive(rows.get(name(row.leads)), now));
      const found = taken(row);
      await travel();
      return found && { ...found, led };
    },
    async getBy(field, key, now) {
      const found = taken([...rows.values()].find((row) => row[field]?.equals(key) && alive(row, now)));
      await travel();
      return found;
    },
    async consume(key, { now, keepUntil }) {
      await travel();
      const row = alive(rows.get(name(key)), now);
      if (!row || row.consumedAt !== undefined) return false;
      rows.set(name(key), { ...row, consumedAt: now, expiresAt: Math.max(row.expiresAt, keepUntil) });
      return true;
    },
    async remove(key) {
      rows.delete(name(key));
    },
    async removeByGrant(model, grant) {
      for (const [key, row] of rows) if (row.model === model && row.grant?.equals(grant)) rows.delete(key);
    },
    async sweep(now) {
      const over = [...rows].filter(([, row]) => !alive(row, now));
      for (const [key] of over) rows.delete(key);
      return over.length;
    },
  };
}

export function memoryAttempts(): Attempts {
  const counters = new Map<string, Counter>();
  /** By source, who was tried there and when. */
  const tried = new Map<string, Map<string, number>>();
  /** By minute, what happened to everybody. */
  const minutes = new Map<number, Tally>();
  let alarm = 0;
  const add = (now: number, { failures, successes }: Tally) => {
    const was = minutes.get(minuteOf(now)) ?? { failures: 0, successes: 0 };
    minutes.set(minuteOf(now), { failures: was.failures + failures, successes: was.successes + successes });
  };
  const isAlarm = ({ context }: Key) => curveOf(context).then === 'alarm';
  const name = ({ context, id }: Key) => `${context}|${id}`;
  const isFull = (key: Key, now: number) => {
    const { then, free, window } = curveOf(key.context);
    const counter = counters.get(name(key));
    return then === 'step' && counter !== undefined && now < counter.first + window && counter.failures >= free;
  };
  const triedMany = (key: Key, now: number) => {
    const { free, window } = curveOf(key.context);
    const others = [...(tried.get(name(key)) ?? [])].filter(
      ([person, at]) => person !== key.member && at > now - window,
    );
    return others.length >= free;
  };
  return {
    async spend(keys, now) {
      const everybody = keys.some(isAlarm);
      const [tries, people] = [
        keys.filter((key) => key.member === undefined && !isAlarm(key)),
        keys.filter((key) => key.member !== undefined),
      ];
      const waits = tries.filter(({ context }) => curveOf(context).then === 'wait');
      const until = Math.max(0, ...waits.map((key) => wait(key.context, counters.get(name(key)), now) ?? 0));
      if (until > 0) return { kind: 'wait', until };
      const full = tries.some((key) => isFull(key, now)) || people.some((key) => triedMany(key, now));
      const step = full || (everybody && now < alarm);
      if (everybody) add(now, { failures: 1, successes: 0 });
      for (const key of tries) counters.set(name(key), counted(key.context, counters.get(name(key)), now));
      for (const key of people) tried.set(name(key), new Map(tried.get(name(key))).set(key.member ?? '', now));
      return { kind: step ? 'step' : 'go' };
    },
    async forgive(keys, now) {
      for (const key of keys) {
        const counter = counters.get(name(key));
        if (isAlarm(key)) add(now, { failures: -1, successes: 1 });
        else if (key.member !== undefined) tried.get(name(key))?.delete(key.member);
        else if (curveOf(key.context).forgives === 'all') counters.delete(name(key));
        else if (counter) counters.set(name(key), { ...counter, failures: Math.max(0, counter.failures - 1) });
      }
    },
    async giveBack(keys, now) {
      for (const key of keys) {
        const counter = counters.get(name(key));
        if (isAlarm(key)) add(now, { failures: -1, successes: 0 });
        else if (key.member !== undefined) tried.get(name(key))?.delete(key.member);
        else if (counter) counters.set(name(key), { ...counter, failures: Math.max(0, counter.failures - 1) });
      }
    },
    async clear(keys) {
      for (const key of keys)
        if (key.member === undefined) counters.delete(name(key));
        else tried.get(name(key))?.delete(key.member);
    },
    async tallies(from, to) {
      const within = [...minutes].filter(([minute]) => minute >= minuteOf(from) && minute < minuteOf(to));
      return within
        .sort(([a], [b]) => a - b)
        .map(([, { failures, successes }]) => ({ failures: Math.max(0, failures), successes }));
    },
    async raiseAlarm(until, now) {
      const begun = alarm <= now;
      alarm = Math.max(alarm, until);
      return begun;
    },
    async sweep(now) {
      const { window } = curveOf('people');
      for (const minute of minutes.keys())
        if (minute < minuteOf(now - ALARM.remembered - ALARM.gap)) minutes.delete(minute);
      for (const people of tried.values())
        for (const [person, at] of people) if (at <= now - window) people.delete(person);
    },
  };
}

export function memoryLimits(): Limits {
  const windows = new Map<string, { readonly taken: number; readonly until: number }>();
  return {
    async take({ row, network, limit, now }) {
      const span = limit.includes('minute') ? 60_000 : 3_600_000;
      const number = Math.floor(now / span);
      const key = JSON.stringify([row, network, span, number]);
      const taken = (windows.get(key)?.taken ?? 0) + 1;
      windows.set(key, { taken, until: (number + 1) * span });
      return taken <= Number.parseInt(limit, 10);
    },
    async sweep(now) {
      for (const [key, { until }] of windows) if (until <= now) windows.delete(key);
    },
  };
}
