import test from 'ava';
import { logIn, type LogInForm } from '../../src/flows/log-in.ts';
import { enterMailCode } from '../../src/flows/mail-code.ts';
import { watchGuessing } from '../../src/flows/watch-guessing.ts';
import { memoryParts, PASSWORD, type Memory } from '../support/memory.ts';

const home: LogInForm = {
  ...{ run: '11.111.111-1', password: PASSWORD, shared: false, device: 'laptop', deviceName: 'Firefox, Linux' },
  ...{ network: '10.0.0.0/24', source: '10.0.0.7', clientId: 'demo-municipio', site: 'Municipalidad' },
  ...{ requestId: 'r-1', uid: 'u' },
};

/** In every minute so many wrong passwords, each for somebody else from elsewhere. */
async function guess(parts: Memory, minutes: number, aMinute = 40): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    for (let n = 0; n < aMinute; n++) {
      const at = { device: `bot-${n}`, network: `10.${minute}.${n}.0/24`, source: `10.${minute}.${n}.1` };
      await logIn(parts, { ...home, ...at, run: '17.171.717-5', password: 'wrong' });
      await parts.attempts.forgive([{ context: 'unknown-hour', id: '17171717-5' }], parts.clock());
    }
    parts.travel(60_000);
  }
}
/** At the beginning of a minute, so that no test runs over its end. */
async function atMinute(): Promise<Memory> {
  const parts = await memoryParts();
  parts.travel(60_000 - (parts.clock() % 60_000));
  return parts;
}
const alarms = (parts: Memory) => [...parts.tables.audit.values()].filter(({ kind }) => kind === 'guessing-alarm');

test('ten minutes of guessing at many raise the alarm once: unknown devices need a code, known ones do not (§4.3)', async (t) => {
  const parts = await atMinute();
  t.is((await logIn(parts, home)).kind, 'signed-in');
  t.deepEqual(await watchGuessing(parts), { kind: 'calm' });
  await guess(parts, 10);
  const stranger = { ...home, device: 'new', network: '10.200.0.0/24', source: '10.200.0.1' };
  t.deepEqual(await watchGuessing(parts), { kind: 'guessing', begun: true });
  t.deepEqual(await watchGuessing(parts), { kind: 'guessing', begun: false });
  t.is(alarms(parts).length, 1);
  t.like(alarms(parts)[0], { details: { failures: 400, successes: 1, usual: 0.2 } });
  t.regex(parts.lines.find(({ level }) => level === 'error')?.message ?? '', /^ALERT/);
  t.is((await logIn(parts, stranger)).kind, 'step');
  t.is((await logIn(parts, { ...stranger, password: 'wrong' })).kind, 'step', 'which says nothing of the password');
  t.is((await logIn(parts, home)).kind, 'signed-in');

  parts.travel(11 * 60_000);
  t.deepEqual(await watchGuessing(parts), { kind: 'calm' });
  t.is((await logIn(parts, { ...stranger, device: 'newer' })).kind, 'signed-in', 'it ends by itself');
});

test('a flood of one minute raises no alarm, nor does a usual day', async (t) => {
  const parts = await atMinute();
  await guess(parts, 1, 400);
  parts.travel(60_000);
  t.deepEqual(await watchGuessing(parts), { kind: 'calm' });
  t.is(alarms(parts).length, 0);
});

test('what is usual counts: where half of all mistype every day, as many are no alarm', async (t) => {
  const parts = await atMinute();
  const everybody = { context: 'everybody', id: '' } as const;
  // A failure for every success, over a day.
  for (let n = 0; n < 24 * 60; n++) {
    for (const _ of [1, 2]) await parts.attempts.spend([everybody], parts.clock());
    await parts.attempts.forgive([everybody], parts.clock());
    parts.travel(60_000);
  }
  parts.travel(3_600_000);
  const minute = async (failures: number, successes: number) => {
    for (let n = 0; n < failures + successes; n++) await parts.attempts.spend([everybody], parts.clock());
    for (let n = 0; n < successes; n++) await parts.attempts.forgive([everybody], parts.clock());
    parts.travel(60_000);
  };
  for (let n = 0; n < 10; n++) await minute(40, 10);
  t.deepEqual(await watchGuessing(parts), { kind: 'calm' });
  for (let n = 0; n < 10; n++) await minute(60, 10);
  t.deepEqual(await watchGuessing(parts), { kind: 'guessing', begun: true });
});

test('who enters the mailed code during the alarm is a success like any other', async (t) => {
  const parts = await atMinute();
  const tally = async () => (await parts.attempts.tallies(parts.clock() - 60_000, parts.clock() + 60_000)).at(-1);
  await parts.attempts.raiseAlarm(parts.clock() + 600_000, parts.clock());
  t.is((await logIn(parts, home)).kind, 'step');
  t.deepEqual(await tally(), { failures: 1, successes: 0 });
  t.deepEqual(await enterMailCode(parts, { ...home, typed: 'AAAA-AAAA' }), { kind: 'refused' });
  t.deepEqual(await tally(), { failures: 1, successes: 0 });
});
