import { HOUR_MS } from '../../../src/domain/alert.ts';
import type { Alerts } from '../../../src/stores/alerts.ts';
import { nextOf, throughJson, type Tables, type Write } from './tables.ts';

export function memoryAlerts({ alerts }: Tables, write: Write): Alerts {
  const hour = (at: number) => Math.floor(at / HOUR_MS);
  return {
    async add(alert) {
      const { kind, key, at } = alert;
      const same = [...alerts.values()].some(
        (other) => other.kind === kind && other.key === key && hour(other.at) === hour(at),
      );
      if (same) return undefined;
      const id = nextOf(alerts);
      write(alerts, id, throughJson(alert));
      return String(id);
    },
    async list({ open = false, before, limit }) {
      const found = [...alerts].filter(
        ([id, { seenAt }]) => (before === undefined || id < Number(before)) && !(open && seenAt !== undefined),
      );
      return found
        .toReversed()
        .slice(0, limit)
        .map(([id, { key: _key, ...alert }]) => ({ id: String(id), ...throughJson(alert) }));
    },
    open: async () => [...alerts.values()].filter(({ seenAt }) => seenAt === undefined).length,
    async acknowledge(id, by, at) {
      const alert = alerts.get(Number(id));
      if (!alert || alert.seenAt !== undefined) return false;
      write(alerts, Number(id), { ...alert, seenBy: by, seenAt: at });
      return true;
    },
    async sweep(before) {
      const old = [...alerts].filter(([, { seenAt }]) => seenAt !== undefined && seenAt < before);
      for (const [id] of old) write(alerts, id, undefined);
      return old.length;
    },
  };
}
