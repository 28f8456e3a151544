import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { TICKS, type Sheet } from '../../src/domain/checklist.ts';
import { parseRun } from '../../src/domain/run.ts';
import { approveCase } from '../../src/flows/approve-case.ts';
import { drawNext } from '../../src/flows/draw-case.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { connect } from '../../src/connect.ts';
import { caseWithRoom } from '../support/call.ts';
import { cardOf } from '../../src/web/emulator/card.ts';
import { staffBrowser } from '../support/console.ts';
import { serve, silent, theClock } from '../support/serve.ts';

const PEDRO = parseRun('22.222.222-2')!;
const ROSA = parseRun('7.654.321-6')!;
const app = await serve();
const other = await connect(app.config, { log: silent, clock: theClock() });
test.after.always(async () => {
  await other.close();
  await app.close();
});

test('RACE(20): R-48, R-53: of twenty approvals at once, through two pools on one Postgres, one gives a code', async (t) => {
  const { parts } = app;
  const { accountId } = await staffBrowser(app, ROSA, { trainedAt: parts.clock() });
  const staff = (await parts.staff.byId(accountId))!;
  const actor = (): Actor => ({ staff, provedAt: parts.clock(), requestId: 'r', network: '10.0.0.0/24' });
  const { caseId } = await caseWithRoom(parts, { run: PEDRO });
  await parts.queues.join({ caseId, channel: 'video', office: '', joinedAt: parts.clock() });
  t.like(await drawNext(parts, actor(), 'video'), { kind: 'drawn', caseId });
  // So that nobody has hurried.
  const time = theClock();
  time.set(time.ahead() + 90);
  const card = { names: ['Pedro', 'Antonio'], surnames: ['Soto', 'Vidal'], birthdate: '1992-01-20' };
  const mrz = cardOf({ ...card, run: PEDRO, number: '100200300', expiry: '2035-01-20' });
  const sheet: Sheet = { ticks: TICKS, mrz, issued: '2025-01-20', coercion: 'none' };
  const codes = async () =>
    (await app.live.db.raw<{ rows: object[] }>(`select from codes where purpose = 'activation'`)).rows.length;
  // The emulator has codes of its own.
  const before = await codes();
  const all = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      await sleep(n % 3);
      return approveCase(n % 2 === 0 ? parts : other.parts, actor(), { caseId, sheet });
    }),
  );
  t.is(all.filter(({ kind }) => kind === 'approved').length, 1, JSON.stringify(all));
  t.is((await parts.enrolments.byId(caseId))?.stage, 'code-issued');
  t.is((await codes()) - before, 1);
  const handed = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      (n % 2 === 0 ? parts : other.parts).transaction((tx) =>
        tx.handovers.take({ caseId, kind: 'room', now: parts.clock() }),
      ),
    ),
  );
  t.is(handed.filter((each) => each !== undefined).length, 1);
});
