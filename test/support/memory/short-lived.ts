import { setTimeout as sleep } from 'node:timers/promises';
import { counted, wait, type Counter, type Key } from '../../../src/domain/throttle.ts';
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
  const name = ({ context, id }: Key) => `${context}|${id}`;
  return {
    async spend(keys, now) {
      const until = Math.max(0, ...keys.map((key) => wait(key.context, counters.get(name(key)), now) ?? 0));
      if (until > 0) return { kind: 'wait', until };
      for (const key of keys) counters.set(name(key), counted(key.context, counters.get(name(key)), now));
      return { kind: 'go' };
    },
    async forgive(keys) {
      for (const key of keys) counters.delete(name(key));
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
