import test from 'ava';
import { nextLook, waitingRoom, type Turn } from '../../src/web/kit/waiting-room.ts';

/** Forms that the process can look at in a second: a little less than it believes. */
const SERVED = 10;
const AT_BEST = 12;
/** Forms wait for so many seconds at most. */
const PATIENCE = 2;

/** Somebody who waits: from when, when she asks next, when she was let in and sent her form, and what she was told. */
type Guest = Turn & {
  readonly patience: number;
  looks: number;
  in?: number;
  sends?: number;
  lost?: boolean;
  readonly told: number[];
};
const guest = (n: number, since: number, patience = Infinity): Guest => ({
  ...{ id: `p${n} of ${since}`, since, patience, looks: since, told: [] },
});
const crowd = (count: number, each: (n: number) => number) =>
  Array.from({ length: count }, (_, n) => guest(n, 60_000 + each(n)));

/** Seconds pass: browsers ask when they were told to, people type for five to fifteen seconds, forms are looked at. */
function played(guests: readonly Guest[], seconds: number) {
  let [now, made] = [0, 0];
  const forms: Guest[] = [];
  const room = waitingRoom({
    stopwatch: () => now,
    atBest: () => AT_BEST,
    isBusy: () => forms.length > SERVED / 2,
    made: () => made,
  });
  const ask = (each: Guest, n: number) => {
    const isNew = each.told.length === 0;
    const wait = isNew ? (room.isOpen() ? 0 : room.last()) : room.wait(each);
    each.told.push(wait);
    if (wait > 0) {
      each.looks = now + nextLook(wait) * 1000;
      return;
    }
    if (!isNew) room.took(each, true);
    room.begins(each.id);
    each.in = now;
    each.sends = now + 5000 + ((n * 7919) % 10_000);
  };
  const standing: ReturnType<typeof room.standing>[] = [];
  for (; now < seconds * 1000; now += 100) {
    for (const [n, each] of guests.entries()) {
      if (each.in === undefined && each.looks <= now && now <= each.since + each.patience) ask(each, n);
      if (each.sends !== undefined && each.sends <= now) {
        delete each.sends;
        room.sends(each.id);
        if (forms.length >= SERVED * PATIENCE) each.lost = true;
        else forms.push(each);
      }
    }
    if (forms.length > 0) {
      if (forms.shift()) made += 1;
    }
    if (now % 1000 === 0) standing.push(room.standing());
  }
  return { room, standing, made: () => made };
}

test('R-94: in a crowd whoever came first comes in first, and hardly a form is sent in vain', (t) => {
  // Thirty a second for half a minute, where ten can be served.
  const guests = crowd(900, (n) => Math.floor(n / 30) * 1000 + (n % 30) * 30);
  const { standing } = played(guests, 260);
  const entered = guests.map(({ in: at }) => at ?? Infinity);
  t.true(entered.every(Number.isFinite));
  const later = entered.map((at, n) => at - Math.min(...entered.slice(n)));
  t.true(Math.max(...later) <= 30_000, `${Math.max(...later)} ms after one who came later`);
  const lost = guests.filter((each) => each.lost).length;
  t.true(lost <= 54, `${lost} of 900 forms in vain`);
  t.true(Math.max(...entered) <= 60_000 + 150_000, `${Math.max(...entered)}: ninety seconds at best`);
  t.like(standing.at(-1), { present: 0, inside: 0 });
});

test('R-94: without a crowd nobody waits, however long it lasts', (t) => {
  const guests = crowd(1800, (n) => n * 111);
  played(guests, 300);
  t.deepEqual([...new Set(guests.flatMap(({ told }) => told))], [0], 'nine a second');
});

test('R-94: what was learned from one crowd is known in the next', (t) => {
  const first = crowd(600, () => 0);
  const second = crowd(600, () => 240_000);
  const { standing } = played([...first, ...second], 600);
  const lost = (guests: readonly Guest[]) => guests.filter((each) => each.lost).length;
  t.true(lost(second) <= lost(first) && lost(second) < 30, `${lost(first)}, then ${lost(second)}`);
  t.is(standing.at(-1)?.present, 0);
});

test('R-94: how long it takes is told, and comes true', (t) => {
  const guests = crowd(600, () => 0);
  played(guests, 300);
  const waited = guests.filter(({ told }) => told.length > 3);
  t.true(waited.length > 300);
  for (const { told, in: at = 0 } of waited.filter((_, n) => n % 20 === 0)) {
    t.is(told.at(-1), 0);
    const said = told.at(-2) ?? 0;
    const took = (at - 60_000) / 1000;
    const half = told[Math.floor(told.length / 2)] ?? 0;
    t.true(half < took && said <= 2 * nextLook(0), `${half} s told on the way, ${said} s at last, ${took} s it took`);
  }
  t.deepEqual([nextLook(0), nextLook(8), nextLook(40), nextLook(4000)], [5, 5, 20, 30]);
});

test('R-94: those who leave hold up nobody behind them', (t) => {
  // Three hundred ask twice and never again.
  const gone = Array.from({ length: 300 }, (_, n) => guest(n, 60_000, 6000));
  const [stays] = [guest(1000, 61_000)];
  const { standing } = played([...gone, stays], 200);
  t.true((stays.in ?? Infinity) - 61_000 <= 60_000, `${stays.in}`);
  t.is(standing.at(-1)?.present, 0);
});

/** A room for one at a time. */
function narrow() {
  const state = { now: 0 };
  const room = waitingRoom({ stopwatch: () => state.now, atBest: () => 0.25, isBusy: () => true, made: () => 0 });
  state.now = 1000;
  return { room, state };
}

test('R-94: while somebody waits nobody passes her; who never comes back with her number is not counted', (t) => {
  const { room, state } = narrow();
  t.true(room.isOpen());
  room.begins('b1');
  t.false(room.isOpen(), 'there is one place');
  t.true(room.last() > 0);
  room.sends('one');
  t.true(room.isOpen(), 'nobody has come back: nobody waits');
  room.begins('b2');
  t.true(room.wait({ id: 'a', since: 500 }) > 0);
  room.sends('two');
  t.false(room.isOpen(), 'the place is for her');
  t.true(room.wait({ id: 'b', since: 1500 }) > 0, 'who came after her');
  t.is(room.wait({ id: 'a', since: 500 }), 0);
  room.took({ id: 'a', since: 500 }, true);
  t.is(room.wait({ id: 'b', since: 1500 }), 0);
  state.now += 120_000;
  t.true(room.isOpen(), 'she never came');
});

test('R-94: pages that are opened and left make a crowd later: while hardly anything is hashed more may come in', (t) => {
  const state = { now: 0, made: 0 };
  const room = waitingRoom({
    stopwatch: () => state.now,
    atBest: () => 5,
    isBusy: () => false,
    made: () => state.made,
  });
  for (let n = 0; n < 50; n += 1) room.begins(`b${n}`);
  for (let n = 0; n < 50; n += 1) room.begins(`b${n}`);
  t.like(room.standing(), { inside: 50, window: 40 });
  t.true(room.isOpen());
  for (let n = 0; n < 4; n += 1) {
    state.now += 1000;
    state.made += 5;
    room.isOpen();
  }
  t.false(room.isOpen(), 'now others sign in, nearly as many as the process can serve');
});

test('R-94: a form counts once, and whoever sends none has left after half a minute; a number is used once', (t) => {
  const { room, state } = narrow();
  room.begins('b4');
  room.sends('one');
  room.sends('one');
  room.sends('one');
  room.begins('b5');
  t.false(room.isOpen(), 'else one who sends thrice would make room for three');
  state.now += 28_000;
  t.false(room.isOpen());
  state.now += 3000;
  t.true(room.isOpen());
  const turn = { id: 'a', since: 500 };
  t.false(room.wasServed(turn));
  t.true(room.take(turn));
  t.false(room.take(turn), 'it is being used');
  room.took(turn, false);
  t.false(room.wasServed(turn), 'there was no room');
  t.true(room.take(turn));
  room.took(turn, true);
  t.true(room.wasServed(turn));
});
