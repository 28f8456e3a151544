import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { Unavailable, type Store } from '../../src/domain/fault.ts';
import { createOutages, type Time } from '../../src/gateways/outages.ts';

/** A time that passes when the test says so, and then all that was to be done meanwhile is done. */
function ownTime(): Time & { readonly pass: (ms: number) => Promise<void> } {
  let now = 0;
  const waiting = new Map<() => void, number>();
  const next = () => [...waiting].toSorted(([, one], [, other]) => one - other)[0];
  return {
    now: () => now,
    pause: (ms) => new Promise((resolve) => waiting.set(resolve, now + ms)),
    async pass(ms) {
      const end = now + ms;
      await turn();
      for (let first = next(); first && first[1] <= end; first = next()) {
        const [goOn, at] = first;
        waiting.delete(goOn);
        now = at;
        goOn();
        await turn();
      }
      now = end;
    },
  };
}

/** A log, and stores that a test takes away: `slow`: it answers late. */
function watched() {
  const time = ownTime();
  const lines: string[] = [];
  const fields: Readonly<Record<string, unknown>>[] = [];
  const write = (level: string) => (said: Readonly<Record<string, unknown>>, message: string) => {
    const { part = '', requests = '', work = '' } = said;
    lines.push([level, message, part, requests, work].map(String).join(' ').trimEnd());
    fields.push(said);
  };
  const is: Record<Store, 'there' | 'away' | 'slow'> = { postgres: 'there', redis: 'there' };
  const outages = createOutages({
    log: { warn: write('warn'), error: write('error') },
    answers: async (store) => {
      if (is[store] === 'slow') await time.pause(250);
      return is[store] !== 'away';
    },
    time,
  });
  const told: unknown[] = [];
  const met = (error: unknown, more: { request?: boolean; store?: Store } = { request: true }) =>
    outages.met(error, { tell: () => void told.push(error), ...more });
  return { outages, is, lines, fields, met, told, pass: time.pass };
}

const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', store: 'postgres' });
const late = () => new Error('select 1 - Query read timeout');
const noRedis = () => new Error("Stream isn't writeable and enableOfflineQueue options is false");
const times = (n: number, act: () => void) => Array.from({ length: n }).forEach(act);

test('R-95, R-96: a store that goes away is one line, whoever misses it, and one when it is back', async (t) => {
  const { is, lines, fields, met, told, pass } = watched();
  is.postgres = 'away';
  times(500, () => met(refused));
  times(3, () => met(refused, {}));
  t.deepEqual(lines, ['error a part is away postgres']);
  t.is(fields[0]?.['err'], refused);
  await pass(20_000);
  times(500, () => met(late()));
  is.postgres = 'there';
  await pass(4900);
  t.is(lines.length, 1, 'it may go away again');
  await pass(1000);
  t.deepEqual(lines.slice(1), ['warn a part is back postgres 1000 3']);
  t.is(fields[1]?.['seconds'], 20);
  t.deepEqual(told, []);

  met(refused);
  t.is(lines[2], 'error a part is away postgres', 'the next time is another outage');
});

test('while it lasts it is told of again and again, with what is wrong by now', async (t) => {
  const { is, lines, fields, met, pass } = watched();
  is.redis = 'away';
  met(noRedis());
  const full = new Error("OOM command not allowed when used memory > 'maxmemory'.");
  met(full);
  await pass(59_000);
  t.is(lines.length, 1);
  await pass(61_500);
  t.deepEqual(lines, [
    'error a part is away redis',
    'warn a part is still away redis 2 0',
    'warn a part is still away redis 2 0',
  ]);
  t.is(fields[1]?.['err'], full);
});

test('one store that is away hides nothing of the other', async (t) => {
  const { is, lines, met } = watched();
  Object.assign(is, { postgres: 'away', redis: 'away' });
  met(refused);
  met(noRedis());
  met(refused);
  t.deepEqual(lines, ['error a part is away postgres', 'error a part is away redis']);
});

test('what is no store that is away has its line each time, in an outage too', async (t) => {
  const { is, met, told } = watched();
  is.postgres = 'away';
  met(refused);
  const faults = [
    new TypeError('x is not a function'),
    new Unavailable('hasher'),
    new Unavailable('audit', { cause: Object.assign(new Error('permission denied'), { code: '42501' }) }),
    Object.assign(new Error('duplicate key value'), { code: '23505' }),
    // Nobody knows whose connection that was.
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    'no error at all',
  ];
  for (const fault of faults) {
    met(fault);
    met(fault);
  }
  t.deepEqual(
    told,
    faults.flatMap((fault) => [fault, fault]),
  );
});

test('an answer that comes too late from a store that answers others is told of each time', async (t) => {
  const { lines, met, told, pass } = watched();
  const errors = Array.from({ length: 20 }, late);
  errors.forEach((error) => met(error));
  t.deepEqual([told, lines], [[], []], 'first it is asked');
  await pass(0);
  t.deepEqual([told, lines], [errors, []]);
});

test('answers that come too late are an outage when the store answers nobody, or late itself', async (t) => {
  for (const how of ['away', 'slow'] as const) {
    const { is, lines, met, told, pass } = watched();
    is.postgres = how;
    times(20, () => met(late()));
    await pass(300);
    is.postgres = 'there';
    await pass(7000);
    t.deepEqual(lines, ['error a part is away postgres', 'warn a part is back postgres 20 0'], how);
    t.deepEqual(told, []);
  }
});

test('more than can be kept until it is known are an outage by themselves', (t) => {
  const { lines, met, told } = watched();
  times(1002, () => met(late()));
  t.deepEqual([lines, told], [['error a part is away postgres'], []]);
});

test('one that comes and goes is one outage; a mistake in its pauses is told of', async (t) => {
  const { is, lines, met, told, pass } = watched();
  is.postgres = 'away';
  met(refused);
  await pass(2000);
  is.postgres = 'there';
  await pass(2000);
  met(refused);
  await pass(2000);
  const slow = late();
  met(slow);
  await pass(6000);
  t.deepEqual(lines, ['error a part is away postgres', 'warn a part is back postgres 2 0']);
  t.deepEqual(told, [slow]);
});

test('whoever leaves in the middle says how far it was', (t) => {
  const { outages, is, lines, met } = watched();
  is.postgres = 'away';
  met(refused);
  outages.end();
  met(refused);
  outages.end();
  t.deepEqual(lines, ['error a part is away postgres', 'warn a part is still away postgres 1 0']);
});
