import { KEY_LIFE } from '../domain/signing-key.ts';
import { ALERTS_KEPT, SESSIONS_KEPT } from '../domain/lifetimes.ts';
import type { Parts } from '../parts.ts';

const HOUR_MS = 3_600_000;

/**
 * Takes away what is past its time (SECURITY §4.4). What was about people is recorded, summed up once an hour; codes and
 * counters, which live for minutes, are not.
 */
export function retention(parts: Parts): { readonly sweep: () => Promise<void>; readonly tell: () => Promise<void> } {
  const gone = new Map<string, number>();
  let told = 0;
  const count = (what: string, rows: number) => {
    if (rows > 0) gone.set(what, (gone.get(what) ?? 0) + rows);
  };
  const tell = async () => {
    if (gone.size === 0) return;
    const details = Object.fromEntries(gone);
    gone.clear();
    told = parts.clock();
    await parts.audit.add({ kind: 'data-expired', at: told, details });
  };
  return {
    tell,
    async sweep() {
      const now = parts.clock();
      await parts.artifacts.sweep(now);
      await parts.registrations.sweep(now);
      await parts.limits.sweep(now);
      await parts.keyReaders.sweep(now - KEY_LIFE);
      await parts.attempts.sweep(now);
      await parts.codes.sweep(now);
      await parts.contactChanges.sweep(now);
      await parts.factors.sweep(now);
      await parts.journeys.sweep(now);
      await parts.rooms.sweep(now);
      await parts.handovers.sweep(now);
      count('notices', await parts.notices.sweep(now));
      count('letters', await parts.outbox.sweep());
      count('sessions', await parts.sessions.sweep(now - SESSIONS_KEPT * 1000));
      count('alerts', await parts.alerts.sweep(now - ALERTS_KEPT * 1000));
      if (now - told >= HOUR_MS) await tell();
    },
  };
}
