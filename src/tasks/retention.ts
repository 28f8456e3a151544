import { KEY_LIFE } from '../domain/signing-key.ts';
import { ATTEMPTS } from '../domain/site-attempt.ts';
import {
  ALERTS_KEPT,
  CASES_KEPT,
  DEVICE_KNOWN,
  EVIDENCE_KEPT,
  PROPOSALS_KEPT,
  SESSIONS_KEPT,
} from '../domain/lifetimes.ts';
import { STAGE } from '../domain/journey.ts';
import type { Parts } from '../parts.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of evidence, on one day. */
const TURNS = 100;

/**
 * Takes away what is past its time (SECURITY §4.4). What was about people is recorded, summed up once an hour; codes and
 * counters, which live for minutes, are not.
 */
export function retention(parts: Parts): { readonly sweep: () => Promise<void>; readonly tell: () => Promise<void> } {
  const gone = new Map<string, number>();
  let told = 0;
  let longKept = 0;
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
  // What is kept for long is looked through once a day.
  const sweepLongKept = async (now: number) => {
    if (now - longKept < DAY_MS) return;
    longKept = now;
    count('proposals', await parts.proposals.sweep(now - PROPOSALS_KEPT * 1000));
    count('cases', await parts.cases.sweep(now - CASES_KEPT * 1000));
    count('devices', await parts.devices.sweep(now - DEVICE_KNOWN * 1000));
    // A thousand at a time, so that nobody waits for long.
    for (let [rows, turn] = [1, 0]; rows > 0 && turn < TURNS; turn++) {
      rows = await parts.evidence.sweep(now - EVIDENCE_KEPT * 1000);
      count('evidence', rows);
    }
  };
  return {
    tell,
    async sweep() {
      const now = parts.clock();
      await parts.artifacts.sweep(now);
      await parts.registrations.sweep(now);
      await parts.limits.sweep(now);
      await parts.keyReaders.sweep(now - KEY_LIFE);
      await parts.siteSteps.sweep(now - ATTEMPTS.kept);
      await parts.attempts.sweep(now);
      await parts.codes.sweep(now);
      await parts.contactChanges.sweep(now);
      await parts.factors.sweep(now);
      await parts.journeys.sweep(now - STAGE.lapsed);
      await parts.rooms.sweep(now);
      await parts.handovers.sweep(now);
      count('notices', await parts.notices.sweep(now));
      count('letters', await parts.outbox.sweep());
      count('sessions', await parts.sessions.sweep(now - SESSIONS_KEPT * 1000));
      count('alerts', await parts.alerts.sweep(now - ALERTS_KEPT * 1000));
      await sweepLongKept(now);
      if (now - told >= HOUR_MS) await tell();
    },
  };
}
