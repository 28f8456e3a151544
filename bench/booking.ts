/** `npm run bench -- --booking`: what hours a citizen sees, and many people who want the same few at once. */
import { randomUUID } from 'node:crypto';
import { chmodSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { dayAfter, localDay, type Hours } from '../src/domain/schedule.ts';
import { bookHour } from '../src/flows/booking.ts';
import { makePlaces } from '../src/flows/places.ts';
import { startPostgres } from '../src/stores/embedded-postgres.ts';
import { someAccount, someRun } from '../test/support/memory/versions.ts';
import { serve } from '../test/support/serve.ts';
import { writeSection } from './section.ts';

const [OFFICES, OFFICERS, PEOPLE, PLACES] = [300, 1000, 2000, 500];
const HOURS: Hours = Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [String(day), [[510, 840]]]));
const passer = { device: '', deviceName: '', network: '10.0.0.0/24', source: '10.0.0.1', requestId: 'r', lang: 'es' };

const dir = mkdtempSync(join(tmpdir(), 'claveunica-booking-'));
// Root starts Postgres as nobody, who must get through to a folder in this one.
chmodSync(dir, 0o711);
const version = (bin: string) => Number(basename(dirname(bin)));
const [bin] = globSync('/usr/lib/postgresql/*/bin').sort((a, b) => version(b) - version(a));
const postgres = await startPostgres({ dir: join(dir, 'postgres'), bin });
// Two thousand at once wait for a connection; how long that takes is what is measured.
const app = await serve({ database: postgres.url, env: { TRUSTED_PROXIES: '127.0.0.1', STORE_TIMEOUT_MS: '120000' } });
try {
  const made = await fill();
  const pages = await lookAtHours();
  const rush = await bookAtOnce();
  writeSection(
    'booking',
    '## Booking\n\nA day’s hours are wanted within 50 ms (p95), and of 2,000 people at once for 500 places all 500 to go, none twice, within 20 seconds.',
    [
      '| What | Wanted | Measured |',
      '| --- | --- | --- |',
      `| places of ${String(OFFICES)} offices and ${String(OFFICERS)} officers, ${String(made.days)} days, made anew | | ${made.seconds.toFixed(1)} s, ${String(made.places)} places |`,
      `| the page of hours of one office, over HTTP, ${String(pages.length)} times one after another | p95 ≤ 50 ms | p50 ${quantile(pages, 0.5).toFixed(1)} ms, p95 ${quantile(pages, 0.95).toFixed(1)} ms |`,
      `| ${String(PEOPLE)} people at once for ${String(PLACES)} places (the flow, in one process) | ≤ 20 s, all go, none twice | ${rush.seconds.toFixed(1)} s, ${String(rush.booked)} booked, ${String(rush.twice)} twice |`,
    ],
  );
} finally {
  await app.close();
  await postgres.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
}

async function fill() {
  const { clock, offices, transaction } = app.parts;
  for (let n = 0; n < OFFICES; n++)
    await offices.put({
      ...{ id: `o${String(n)}`, agency: n % 2 === 0 ? 'registro-civil' : 'ips', name: `Oficina ${String(n)}` },
      ...{ address: 'Calle 1', comuna: 'Comuna', region: 'Región', hours: HOURS, closed: [] },
    });
  const officers = Array.from({ length: OFFICERS }, () => someAccount({ secret: undefined }));
  await transaction((tx) => tx.accounts.addAll(officers));
  const days = 28;
  const today = localDay(clock());
  const shifts = officers.flatMap(({ id }, n) =>
    Array.from({ length: days }, (_, ahead) => ({
      ...{ officer_id: id, day: dayAfter(today, ahead + 1), from_minute: 510, to_minute: 840 },
      ...{ channel: 'office', office: `o${String(n % OFFICES)}` },
    })),
  );
  await app.live.db.batchInsert('rosters', shifts, 5000);
  console.error('rosters are there');
  const from = performance.now();
  const places = await makePlaces(app.parts);
  return { seconds: (performance.now() - from) / 1000, places, days };
}

/** A case whose address is confirmed. */
async function confirmedCase(): Promise<string> {
  const { enrolments, clock } = app.parts;
  const [id, now] = [randomUUID(), clock()];
  const request = { run: someRun(), document: '100200300', email: `${id}@correo.example`, lang: 'es' } as const;
  await enrolments.add({ id, request, token: id, network: '10.0.0.0/24', createdAt: now, expiresAt: now + 1e10 });
  const set = { contactConfirmedAt: now };
  const asked = await enrolments.byId(id);
  if (asked) await enrolments.move(asked, { move: 'confirm-contact', by: { kind: 'citizen' }, at: now, set });
  return id;
}

async function lookAtHours(): Promise<readonly number[]> {
  const { journeys, clock } = app.parts;
  const state = { at: 'case', caseId: await confirmedCase() } as const;
  const journey = await journeys.begin({ kind: 'enrolment', state, until: clock() + 3_600_000 });
  const took: number[] = [];
  for (let n = 0; n < OFFICES + 20; n++) {
    const from = performance.now();
    const answer = await fetch(`${app.origin}/obtener/hora?canal=office&oficina=o${String(n % OFFICES)}`, {
      headers: {
        ...{ cookie: `cu_enrolment=${journey}`, accept: 'text/html' },
        // One network may open a page so often only.
        'x-forwarded-for': `10.${String(n % 250)}.1.7`,
      },
    });
    const text = await answer.text();
    if (answer.status !== 200 || !text.includes('name="hora"')) throw new Error(`no hours: ${String(answer.status)}`);
    if (n >= 20) took.push(performance.now() - from);
  }
  return took;
}

async function bookAtOnce() {
  const { bookings, clock } = app.parts;
  const from = clock() + 90 * 86_400_000;
  const places = Array.from({ length: 50 }, (_, n) => {
    const startsAt = from + n * 900_000;
    return { id: `rush.${String(n)}`, channel: 'video', office: '', startsAt, endsAt: startsAt + 900_000 } as const;
  });
  const capacity = PLACES / places.length;
  await bookings.setPlaces(
    { channel: 'video', office: '', from, to: from + 50 * 900_000 },
    places.map((place) => ({ ...place, capacity })),
  );
  const people: string[] = [];
  while (people.length < PEOPLE) people.push(...(await Promise.all(Array.from({ length: 20 }, confirmedCase))));
  console.error('people are there');
  const begun = performance.now();
  const all = await Promise.all(people.map((caseId, n) => insist(caseId, places, n)));
  const seconds = (performance.now() - begun) / 1000;
  const rows = await app.live
    .db('slots')
    .whereIn(
      'id',
      places.map(({ id }) => id),
    )
    .select<{ taken: number; capacity: number }[]>();
  const [{ count } = { count: '0' }] = await app.live
    .db('bookings')
    .where({ state: 'booked' })
    .count<{ count: string }[]>();
  const taken = rows.reduce((sum, row) => sum + row.taken, 0);
  if (taken !== Number(count) || rows.some((row) => row.taken > row.capacity)) throw new Error('places do not add up');
  return { seconds, booked: all.filter(Boolean).length, twice: Number(count) - all.filter(Boolean).length };
}

/** Somebody who finds a place taken is shown what is free by then, and tries that, until there is nothing. */
async function insist(caseId: string, places: readonly { readonly id: string }[], n: number): Promise<boolean> {
  const spot = { channel: 'video', office: '', from: 0, to: Number.MAX_SAFE_INTEGER } as const;
  const rush = new Set(places.map(({ id }) => id));
  let free = places;
  while (free.length > 0) {
    const place = free[n % free.length]?.id ?? '';
    if ((await bookHour(app.parts, passer, { caseId, place })).kind === 'booked') return true;
    free = (await app.parts.bookings.places(spot)).filter((each) => each.free > 0 && rush.has(each.id));
  }
  return false;
}

function quantile(of: readonly number[], at: number): number {
  return of.toSorted((a, b) => a - b)[Math.floor(at * (of.length - 1))] ?? 0;
}
