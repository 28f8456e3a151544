import { HOUR_MS, isOffHours, isUnusual, WATCH, type AlertKind } from '../domain/alert.ts';
import type { EventKind } from '../domain/event.ts';
import type { Parts } from '../parts.ts';
import type { Logged } from '../stores/audit.ts';
import { raiseAlert } from './alerts.ts';

type Needs = Pick<Parts, 'audit' | 'clock' | 'log' | 'settings' | 'transaction'>;
type Found = { readonly kind: AlertKind; readonly event: Logged; readonly key: string };

/** Are read at once. */
const PAGE = 2000;

/**
 * Once a minute: what was recorded since the last time, of staff, keys and recoveries, that somebody must look at (R-65,
 * R-100); of what is recorded late, ten minutes are looked at again.
 */
export async function watchEvents(parts: Needs): Promise<readonly AlertKind[]> {
  const now = parts.clock();
  const last = Number((await parts.settings.read('events-watched')) ?? now);
  const from = Math.min(last, now) - WATCH.window;
  const of = (kind: EventKind) => recorded(parts, kind, { from, until: now + 1 });
  const found = new Map<string, Found>();
  // The newest of an hour is told; older ones would not ring.
  const note = (one: Found) => {
    const name = `${one.kind} ${one.key} ${String(Math.floor(one.event.at / HOUR_MS))}`;
    if (!found.has(name)) found.set(name, one);
  };
  const denials: Logged[] = [];
  for await (const event of of('staff-denied')) {
    denials.push(event);
    ofDenial(event).forEach(note);
  }
  oftenDenied(denials).forEach(note);
  for await (const event of of('person-looked-up')) if (isOffHours(event.at)) note(ofActor('staff-off-hours', event));
  for await (const event of of('key-retiring'))
    note({ kind: 'key-changed', event, key: String(event.details?.['kid'] ?? '') });
  const raised: AlertKind[] = [];
  for (const { kind, event, key } of found.values()) {
    const { at, actorId, details = {} } = event;
    // Words that somebody typed stay in the record.
    const { words: _words, ...said } = details;
    if (await raiseAlert(parts, { kind, key, at, actorId, details: said })) raised.push(kind);
  }
  for (const at of await momentsOf(parts, last, now)) if (await areRecovering(parts, at)) raised.push('mass-recovery');
  await parts.settings.write('events-watched', String(now));
  return raised;
}

type Span = { readonly from: number; readonly until: number };

/** All of them, however many there were while nobody looked; the newest first. */
async function* recorded({ audit }: Pick<Needs, 'audit'>, kind: EventKind, span: Span): AsyncGenerator<Logged> {
  for (let before: string | undefined; ;) {
    const page = await audit.find({ ...span, kind, before, limit: PAGE });
    yield* page;
    before = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

const ofActor = (kind: AlertKind, event: Logged): Found => ({ kind, event, key: event.actorId ?? '' });

const OF_DENIAL: Readonly<Record<string, AlertKind>> = { limit: 'staff-look-ups', 'not-self': 'own-record' };

function ofDenial(event: Logged): readonly Found[] {
  const kind = OF_DENIAL[String(event.details?.['lacks'] ?? '')];
  return kind === undefined ? [] : [ofActor(kind, event)];
}

function oftenDenied(denials: readonly Logged[]): readonly Found[] {
  const byActor = Map.groupBy(denials, ({ actorId = '' }) => actorId);
  return [...byActor.values()].flatMap((all) =>
    all
      .filter(({ at }, place) => at - (all[place + WATCH.denials - 1]?.at ?? -Infinity) <= WATCH.window)
      .map((event) => ofActor('staff-denied', event)),
  );
}

/** Now, and each minute in which somebody recovered while nobody looked. */
async function momentsOf(parts: Needs, last: number, now: number): Promise<Iterable<number>> {
  const moments = new Set<number>([now]);
  const span = { from: last, until: now - WATCH.minute };
  for await (const { at } of recorded(parts, 'recovery-used', span))
    moments.add(Math.ceil((at + 1) / WATCH.minute) * WATCH.minute);
  return moments;
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
