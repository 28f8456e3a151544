import { isOffHours, isUnusual, WATCH, type AlertKind } from '../domain/alert.ts';
import type { EventKind } from '../domain/event.ts';
import type { Parts } from '../parts.ts';
import type { Logged } from '../stores/audit.ts';
import { raiseAlert } from './alerts.ts';

type Needs = Pick<Parts, 'audit' | 'clock' | 'log' | 'transaction'>;
type Found = { readonly kind: AlertKind; readonly event: Logged; readonly key: string };

/** Of one kind in the window; more than so many are alarming anyway. */
const MOST = 2000;

/** Once a minute: what was recorded lately, of staff, keys and recoveries, that somebody must look at. */
export async function watchEvents(parts: Needs): Promise<readonly AlertKind[]> {
  const now = parts.clock();
  const lately = { from: now - WATCH.window, until: now + 1 };
  const of = (kind: EventKind) => parts.audit.find({ ...lately, kind, limit: MOST });
  const [denials, looks, keys] = [await of('staff-denied'), await of('person-looked-up'), await of('key-retiring')];
  const found: readonly Found[] = [
    ...denials.flatMap((event) => ofDenial(event)),
    ...oftenDenied(denials),
    ...looks.filter(({ at }) => isOffHours(at)).map((event) => ofActor('staff-off-hours', event)),
    ...keys.map((event) => ({ kind: 'key-changed', event, key: String(event.details?.['kid'] ?? '') }) as const),
  ];
  const raised: AlertKind[] = [];
  for (const { kind, event, key } of found) {
    const { at, actorId, details = {} } = event;
    // Words that somebody typed stay in the record.
    const { words: _words, ...said } = details;
    if (await raiseAlert(parts, { kind, key, at, actorId, details: said })) raised.push(kind);
  }
  if (await areRecovering(parts, now)) raised.push('mass-recovery');
  return raised;
}

const ofActor = (kind: AlertKind, event: Logged): Found => ({ kind, event, key: event.actorId ?? '' });

const OF_DENIAL: Readonly<Record<string, AlertKind>> = { limit: 'staff-look-ups', 'not-self': 'own-record' };

function ofDenial(event: Logged): readonly Found[] {
  const kind = OF_DENIAL[String(event.details?.['lacks'] ?? '')];
  return kind === undefined ? [] : [ofActor(kind, event)];
}

function oftenDenied(denials: readonly Logged[]): readonly Found[] {
  const byActor = Map.groupBy(denials, ({ actorId = '' }) => actorId);
  return [...byActor.values()]
    .filter((all) => all.length >= WATCH.denials)
    .flatMap(([newest]) => (newest ? [ofActor('staff-denied', newest)] : []));
}

async function areRecovering(parts: Needs, now: number): Promise<boolean> {
  const count = (from: number, until: number) => parts.audit.count('recovery-used', from, until);
  const lately = await count(now - WATCH.window, now + 1);
  // The day costs more, and is asked for when it could matter.
  if (!isUnusual(lately, 0)) return false;
  const before = await count(now - WATCH.window - WATCH.day, now - WATCH.window);
  if (!isUnusual(lately, before)) return false;
  const details = { lately, dayBefore: before };
  return raiseAlert(parts, { kind: 'mass-recovery', key: '', at: now, details });
}
