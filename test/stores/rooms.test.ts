import { randomBytes, randomUUID } from 'node:crypto';
import test from 'ava';
import type { Move } from '../../src/domain/enrolment.ts';
import { ANOTHER_CODE, ROOM, SAYING } from '../../src/domain/room.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { postgresEnrolments } from '../../src/stores/enrolments.ts';
import { postgresRooms, type Comer } from '../../src/stores/rooms.ts';
import { memoryEnrolments } from '../support/memory/enrolment.ts';
import { memoryRooms } from '../support/memory/rooms.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, rotatedVault, someAccount, someRun } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();
const of = (vault: ReturnType<typeof oldVault>) => postgresRooms(postgres.db, { vault, url: postgres.url });
const VERSIONS = {
  memory: { rooms: memoryRooms(tables, write), enrolments: memoryEnrolments(tables, write) },
  postgres: { rooms: of(oldVault()), enrolments: postgresEnrolments(postgres.db, oldVault()) },
};
const officer = someAccount();
test.before(() => postgresAccounts(postgres.db, oldVault()).add(officer));
const [OPENS, CLOSES] = [1_000_000, 5_000_000];
const token = () => randomBytes(16).toString('base64url');

for (const [name, { rooms, enrolments }] of Object.entries(VERSIONS)) {
  const opened = async (hours: { opensAt?: number; closesAt?: number } = {}) => {
    const id = randomUUID();
    const request = { run: someRun(), document: '1', lang: 'es' } as const;
    await enrolments.add({ id, request, token: token(), network: 'n', createdAt: 1, expiresAt: 9_000_000 });
    const room = { caseId: id, token: token(), opensAt: OPENS, closesAt: CLOSES, ...hours };
    await rooms.open(room);
    return room;
  };
  const comer = (caseId: string, differing: Partial<Comer> = {}): Comer => ({
    ...{ caseId, side: 'citizen', link: randomUUID(), device: 'phone', now: OPENS },
    ...differing,
  });

  test(`${name}: a room is found by its token and its case, and by no other`, async (t) => {
    const room = await opened();
    const found = { ...room, said: 0, citizen: undefined, officer: undefined };
    t.deepEqual(await rooms.byToken(room.token), found);
    t.deepEqual(await rooms.byCase(room.caseId), found);
    t.is(await rooms.byToken(token()), undefined);
    t.is(await rooms.byCase('none'), undefined);
  });

  test(`${name}: another hour has another link, and the first one is dead (R-56)`, async (t) => {
    const room = await opened();
    await rooms.enter(comer(room.caseId));
    const other = { ...room, token: token(), opensAt: OPENS + 1 };
    await rooms.open(other);
    t.is(await rooms.byToken(room.token), undefined);
    t.like(await rooms.byToken(other.token), { opensAt: OPENS + 1, said: 0, citizen: undefined });
    await rooms.close(room.caseId);
    t.is(await rooms.byToken(other.token), undefined);
  });

  test(`${name}: R-56: nobody comes in before the room opens, nor after it has closed`, async (t) => {
    const { caseId } = await opened();
    t.false(await rooms.enter(comer(caseId, { now: OPENS - 1 })));
    const in_ = comer(caseId);
    t.true(await rooms.enter(in_));
    t.true(await rooms.seen({ ...in_, now: CLOSES - 1 }));
    t.false(await rooms.seen({ ...in_, now: CLOSES }));
    t.is(await rooms.say({ ...in_, now: CLOSES }, { kind: 'chat', words: 'late' }), undefined);
    t.false(await rooms.enter(comer(caseId, { now: CLOSES })));
  });

  test(`${name}: R-56: one window of each side; another browser waits until the first has gone`, async (t) => {
    const { caseId } = await opened();
    const first = comer(caseId);
    t.true(await rooms.enter(first));
    t.true(await rooms.enter(comer(caseId, { side: 'officer', device: 'officer' })));
    t.false(await rooms.enter(comer(caseId, { device: 'stranger' })));
    const reloaded = comer(caseId, { now: OPENS + 5 });
    t.true(await rooms.enter(reloaded), 'the same browser takes its place over');
    t.false(await rooms.seen({ ...first, now: OPENS + 6 }));
    t.is(await rooms.say({ ...first, now: OPENS + 6 }, { kind: 'chat', words: 'x' }), undefined);
    t.true(await rooms.enter(comer(caseId, { device: 'stranger', now: OPENS + 5 + ROOM.gone })));
    await rooms.leave(reloaded);
    t.is((await rooms.byCase(caseId))?.citizen?.device, 'stranger', 'whose place was taken leaves nothing');
  });

  test(`${name}: who has left makes room, and which browser it was stays`, async (t) => {
    const { caseId } = await opened();
    const first = comer(caseId);
    await rooms.enter(first);
    await rooms.leave(first);
    t.like((await rooms.byCase(caseId))?.citizen, { device: 'phone', link: undefined });
    t.true(await rooms.enter(comer(caseId, { device: 'tablet' })));
  });

  test(`${name}: R-53: once she is identified, no other browser takes the citizen's place, however empty`, async (t) => {
    const { caseId } = await opened();
    const clerk = { kind: 'officer', id: officer.id } as const;
    const move = async (move: Move) =>
      enrolments.move((await enrolments.byId(caseId))!, { move, by: clerk, at: 2, set: { officer: officer.id } });
    const first = comer(caseId);
    t.true(await rooms.enter(first));
    await rooms.leave(first);
    await move('start-at-desk');
    const talking = comer(caseId, { device: 'tablet' });
    t.true(await rooms.enter(talking), 'a telephone whose battery is empty');
    for (const [stage, to] of [['identify', 'identified'] as const, ['issue-code', 'code-issued'] as const]) {
      t.is((await move(stage))?.stage, to);
      await rooms.leave(talking);
      const late = OPENS + 2 * ROOM.gone;
      for (const device of ['phone', 'thief'])
        t.false(await rooms.enter(comer(caseId, { device, now: late })), `${to} ${device}`);
      t.true(await rooms.enter({ ...talking, now: late }), 'her own comes back');
      t.is((await rooms.byCase(caseId))?.citizen?.device, 'tablet');
      t.false(await rooms.enter(comer(caseId, { device: 'thief', now: late + 2 * ROOM.gone })));
    }
    t.true(await rooms.enter(comer(caseId, { side: 'officer', device: 'one' })));
    t.true(await rooms.enter(comer(caseId, { side: 'officer', device: 'two', now: OPENS + ROOM.gone })));
    const nobody = await opened();
    for (const each of ['start-at-desk', 'identify'] as const)
      await enrolments.move((await enrolments.byId(nobody.caseId))!, { move: each, by: clerk, at: 2 });
    t.false(await rooms.enter(comer(nobody.caseId)), 'nobody was in the call');
  });

  test(`${name}: RACE(20): of twenty browsers one comes in`, async (t) => {
    const { caseId } = await opened();
    const tries = Array.from({ length: 20 }, (_, n) => rooms.enter(comer(caseId, { device: `d${n}` })));
    t.is((await Promise.all(tries)).filter(Boolean).length, 1);
  });

  test(`${name}: RACE(40): what is said has one order, and whoever asks later misses nothing`, async (t) => {
    const { caseId } = await opened();
    const [citizen, officer] = [comer(caseId), comer(caseId, { side: 'officer', device: 'o' })];
    await rooms.enter(citizen);
    await rooms.enter(officer);
    const numbers = await Promise.all(
      Array.from({ length: 40 }, async (_, n) =>
        rooms.say(n % 2 === 0 ? citizen : officer, {
          words: `w${n}`,
          ...(n < 4 ? { kind: 'signal', to: (n % 2 === 0 ? officer : citizen).link } : { kind: 'chat' }),
        }),
      ),
    );
    t.deepEqual(
      numbers.toSorted((a, b) => (a ?? 0) - (b ?? 0)),
      Array.from({ length: 40 }, (_, n) => n + 1),
    );
    const all = await rooms.said(caseId, 0);
    t.is(all.length, 40);
    t.deepEqual(
      all.map(({ words }) => words),
      numbers
        .map((n, at) => [n ?? 0, `w${at}`] as const)
        .toSorted(([a], [b]) => a - b)
        .map(([, words]) => words),
    );
    t.is((await rooms.said(caseId, 37)).length, 3);
    t.is((await rooms.said(caseId, 0, { side: 'citizen', link: 'another' })).length, 36);
    for (const { side, link } of [citizen, officer]) {
      const heard = await rooms.said(caseId, 0, { side, link });
      t.is(heard.length, 38, 'what is written, and what the other side signals to it');
      t.true(heard.every((word) => word.kind === 'chat' || word.side !== side));
    }
  });

  test(`${name}: R-90: a signal is for the window that is there, is heard by it alone, and goes when that goes`, async (t) => {
    const { caseId } = await opened();
    const [citizen, clerk] = [comer(caseId), comer(caseId, { side: 'officer', device: 'o' })];
    const [heard, words] = [async (ear?: Comer) => (await rooms.said(caseId, 0, ear)).map(({ words }) => words), 'x'];
    t.true(await rooms.enter(citizen));
    t.is(await rooms.say(citizen, { kind: 'signal', words, to: clerk.link }), undefined, 'nobody is there');
    t.true(await rooms.enter(clerk));
    t.is(await rooms.say(citizen, { kind: 'signal', words, to: 'another' }), undefined);
    t.is(await rooms.say(citizen, { kind: 'signal', words, to: citizen.link }), undefined);
    t.truthy(await rooms.say(citizen, { kind: 'signal', words: 'offer', to: clerk.link }));
    t.truthy(await rooms.say(clerk, { kind: 'signal', words: 'answer', to: citizen.link }));
    t.truthy(await rooms.say(citizen, { kind: 'chat', words: 'hola' }));
    t.deepEqual(await heard(clerk), ['offer', 'hola']);
    t.deepEqual(await heard(citizen), ['answer', 'hola']);
    t.true(await rooms.enter(clerk), 'it has found another process');
    t.deepEqual(await heard(), ['offer', 'answer', 'hola']);
    t.true(await rooms.enter({ ...clerk, link: randomUUID() }));
    t.deepEqual(await heard(), ['hola']);
  });

  test(`${name}: R-90: a room holds a megabyte; what goes makes room, and it is read in pages`, async (t) => {
    const { caseId } = await opened();
    const [citizen, clerk] = [comer(caseId), comer(caseId, { side: 'officer', device: 'o' })];
    t.true(await rooms.enter(citizen));
    t.true(await rooms.enter(clerk));
    const [long, most] = ['a'.repeat(30_000), Math.floor(SAYING.held / 30_000)];
    let kept = 0;
    while (kept <= most && (await rooms.say(citizen, { kind: 'signal', words: long, to: clerk.link }))) kept += 1;
    t.true(kept <= most && kept > most - 3, String(kept));
    t.is(await rooms.say(clerk, { kind: 'chat', words: long }), undefined);
    const again = { ...citizen, link: randomUUID() };
    t.true(await rooms.enter(again));
    for (let n = 0; n < SAYING.page + 5; n++) t.truthy(await rooms.say(again, { kind: 'chat', words: 'corto' }));
    const first = await rooms.said(caseId, 0, clerk);
    t.is(first.length, SAYING.page);
    t.is((await rooms.said(caseId, first.at(-1)!.n, clerk)).length, 5);
  });

  test(`${name}: R-98: what a window says again, as it does not know whether it was kept, is kept once`, async (t) => {
    const { caseId } = await opened();
    const citizen = comer(caseId);
    t.true(await rooms.enter(citizen));
    const say = (nth: number, from = citizen) => rooms.say(from, { kind: 'chat', words: String(nth), nth });
    const tries = await Promise.all(Array.from({ length: 10 }, () => say(1)));
    t.is(tries.filter((n) => n !== undefined).length, 1);
    t.true(await rooms.enter({ ...citizen, now: OPENS + 1 }), 'it has found another process');
    t.is((await rooms.byCase(caseId))?.citizen?.kept, 1);
    t.is(await say(1), undefined);
    t.truthy(await say(2));
    t.true(await rooms.seen(citizen));
    t.is((await rooms.byCase(caseId))?.citizen?.kept, 2);
    const reloaded = { ...citizen, link: randomUUID() };
    t.true(await rooms.enter(reloaded));
    t.is((await rooms.byCase(caseId))?.citizen?.kept, 0, 'another window counts for itself');
    t.truthy(await say(1, reloaded));
    t.deepEqual(
      (await rooms.said(caseId, 0)).map(({ words }) => words),
      ['1', '2', '1'],
    );
  });

  test(`${name}: who is not in says nothing`, async (t) => {
    const { caseId } = await opened();
    t.is(await rooms.say(comer(caseId), { kind: 'chat', words: 'hola' }), undefined);
    t.deepEqual(await rooms.said(caseId, 0), []);
  });

  test.serial(`${name}: what changes rings wherever somebody listens`, async (t) => {
    const { caseId } = await opened();
    const rung: (string | undefined)[] = [];
    let hear: (() => void) | undefined;
    const until = async (count: number) => {
      while (rung.filter((id) => id === caseId).length < count)
        await new Promise<void>((resolve) => {
          hear = resolve;
          setTimeout(resolve, 20);
        });
    };
    const stop = await rooms.hear((id) => {
      rung.push(id);
      hear?.();
    });
    t.deepEqual(rung, [undefined], 'at first: anything may have changed');
    const citizen = comer(caseId);
    await rooms.enter(citizen);
    await until(1);
    await rooms.say(citizen, { kind: 'chat', words: 'hola' });
    await until(2);
    await rooms.leave(citizen);
    await until(3);
    await stop();
    t.pass();
  });

  test.serial(`${name}: what was said in a room is swept when it closes, and the room an hour later`, async (t) => {
    const { caseId, closesAt } = await opened({ closesAt: OPENS + 10 });
    const citizen = comer(caseId);
    await rooms.enter(citizen);
    await rooms.say(citizen, { kind: 'chat', words: 'hola' });
    t.is(await rooms.sweep(closesAt - 1), 0);
    t.is((await rooms.said(caseId, 0)).length, 1);
    t.is(await rooms.sweep(closesAt), 0);
    t.deepEqual(await rooms.said(caseId, 0), []);
    t.like(await rooms.byCase(caseId), { caseId }, 'her code may still wait there');
    t.is(await rooms.sweep(closesAt + ANOTHER_CODE.within), 1);
    t.is(await rooms.byCase(caseId), undefined);
  });
}

test('postgres: R-78: token and words are sealed, and open under a rotated key', async (t) => {
  const { rooms, enrolments } = VERSIONS.postgres;
  const id = randomUUID();
  const request = { run: someRun(), document: '1', lang: 'es' } as const;
  await enrolments.add({ id, request, token: token(), network: 'n', createdAt: 1, expiresAt: 9_000_000 });
  const room = { caseId: id, token: token(), opensAt: OPENS, closesAt: CLOSES };
  await rooms.open(room);
  const citizen = { caseId: id, side: 'citizen', link: randomUUID(), device: 'd', now: OPENS } as const;
  await rooms.enter(citizen);
  await rooms.say(citizen, { kind: 'chat', words: 'mi correo es maria' });
  const { rows } = await postgres.db.raw<{ rows: object[] }>(
    'select r.*, w.words from rooms r join room_words w using (case_id) where case_id = ?',
    [id],
  );
  const text = JSON.stringify(rows, (_, value: unknown) =>
    value !== null && typeof value === 'object' && 'data' in value
      ? Buffer.from(value.data as number[]).toString('latin1')
      : value,
  );
  t.true(text.length > 300);
  t.false(text.includes(room.token));
  t.false(text.includes('maria'));
  const later = of(rotatedVault());
  t.is((await later.byToken(room.token))?.token, room.token);
  t.is((await later.said(id, 0))[0]?.words, 'mi correo es maria');
});

test('postgres: a case that goes on rings in its room, without anybody thinking of it', async (t) => {
  const { rooms, enrolments } = VERSIONS.postgres;
  const id = randomUUID();
  const request = { run: someRun(), document: '1', lang: 'es' } as const;
  await enrolments.add({ id, request, token: token(), network: 'n', createdAt: 1, expiresAt: 9_000_000 });
  let ring = () => {};
  const rung = new Promise<void>((resolve) => (ring = resolve));
  const stop = await rooms.hear((caseId) => {
    if (caseId === id) ring();
  });
  const was = (await enrolments.byId(id))!;
  await enrolments.move(was, { move: 'confirm-contact', by: { kind: 'citizen' }, at: 2 });
  await rung;
  await stop();
  t.pass();
});
