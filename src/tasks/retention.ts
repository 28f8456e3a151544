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

type Work = () => Promise<unknown>;
/** Each is done, whatever becomes of the others: one that can't be must not keep what is personal. Throws the first fault. */
async function each(works: readonly Work[]): Promise<void> {
  const faults: unknown[] = [];
  for (const work of works) await work().catch((error: unknown) => faults.push(error));
  if (faults.length > 0) throw faults[0];
}

/**
 * Takes away what is past its time (SECURITY §4.4). What was about people is recorded, summed up once an hour; codes and
 * counters, which live for minutes, are not.
 */
export function retention(parts: Parts): { readonly sweep: () => Promise<void>; readonly tell: () => Promise<void> } {
  const gone = new Map<string, number>();
  let told = 0;
  let longKept = 0;
  const counted = (what: string, sweep: () => Promise<number>) => async () => {
    const rows = await sweep();
    if (rows > 0) gone.set(what, (gone.get(what) ?? 0) + rows);
  };
  const tell = async () => {
    const details = Object.fromEntries(gone);
    if (gone.size === 0) return;
    const at = parts.clock();
    await parts.audit.add({ kind: 'data-expired', at, details });
    told = at;
    // What could not be recorded is told of the next time, with what has gone since.
    for (const [what, rows] of Object.entries(details)) {
      const since = (gone.get(what) ?? 0) - rows;
      if (since > 0) gone.set(what, since);
      else gone.delete(what);
    }
  };
  // What is kept for long is looked through once a day; what failed, a minute later again.
  const sweepLongKept = async (now: number) => {
    if (now - longKept < DAY_MS) return;
    await each([
      counted('proposals', () => parts.proposals.sweep(now - PROPOSALS_KEPT * 1000)),
      counted('cases', () => parts.cases.sweep(now - CASES_KEPT * 1000)),
      counted('holds', () => parts.supervision.sweep(now - EVIDENCE_KEPT * 1000)),
      counted('devices', () => parts.devices.sweep(now - DEVICE_KNOWN * 1000)),
      counted('evidence', () => parts.evidence.sweep(now - EVIDENCE_KEPT * 1000)),
    ]);
    longKept = now;
  };
  return {
    tell,
    async sweep() {
      const now = parts.clock();
      await each([
        () => parts.artifacts.sweep(now),
        () => parts.registrations.sweep(now),
        () => parts.limits.sweep(now),
        () => parts.keyReaders.sweep(now - KEY_LIFE),
        () => parts.siteSteps.sweep(now - ATTEMPTS.kept),
        () => parts.attempts.sweep(now),
        () => parts.codes.sweep(now),
        () => parts.factors.sweep(now),
        () => parts.journeys.sweep(now - STAGE.lapsed),
        () => parts.rooms.sweep(now),
        () => parts.handovers.sweep(now),
        counted('contactChanges', () => parts.contactChanges.sweep(now)),
        counted('notices', () => parts.notices.sweep(now)),
        counted('letters', () => parts.outbox.sweep()),
        counted('requests', () => parts.enrolments.sweep(now)),
        counted('sessions', () => parts.sessions.sweep(now - SESSIONS_KEPT * 1000)),
        counted('alerts', () => parts.alerts.sweep(now - ALERTS_KEPT * 1000)),
        () => sweepLongKept(now),
        async () => (now - told >= HOUR_MS ? tell() : undefined),
      ]);
    },
  };
}
