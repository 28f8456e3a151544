import { randomUUID } from 'node:crypto';
import test from 'ava';
import { EMPTY_SHEET } from '../../src/domain/checklist.ts';
import { postgresAccounts, type NewAccount } from '../../src/stores/accounts.ts';
import { postgresEvidence, type NewEvidence } from '../../src/stores/evidence.ts';
import { postgresHandovers } from '../../src/stores/handovers.ts';
import { postgresSupervision } from '../../src/stores/supervision.ts';
import { postgresStaff } from '../../src/stores/staff.ts';
import { memoryEvidence, memoryHandovers, memorySupervision } from '../support/memory/evidence.ts';
import { memoryAccounts } from '../support/memory/people.ts';
import { memoryStaff } from '../support/memory/staff.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();
const accounts = postgresAccounts(postgres.db, oldVault());

const VERSIONS = {
  memory: {
    evidence: memoryEvidence(tables, write),
    supervision: memorySupervision(tables, write),
    handovers: memoryHandovers(tables, write),
    staff: memoryStaff(tables, write),
    person: async (): Promise<string> => randomUUID(),
    keep: (account: NewAccount) => memoryAccounts(tables, write).add(account),
    close: (id: string, at: number) => memoryAccounts(tables, write).setStatus(id, 'closed', at),
  },
  postgres: {
    evidence: postgresEvidence(postgres.db, oldVault()),
    supervision: postgresSupervision(postgres.db, oldVault()),
    handovers: postgresHandovers(postgres.db, oldVault()),
    staff: postgresStaff(postgres.db),
    person: async (): Promise<string> => {
      const account = someAccount();
      await accounts.add(account);
      return account.id;
    },
    keep: (account: NewAccount) => accounts.add(account),
    close: (id: string, at: number) => accounts.setStatus(id, 'closed', at),
  },
};

const work = { sheet: EMPTY_SHEET, exceptions: [] };
const session = (officer: string, differing: Partial<NewEvidence> = {}): NewEvidence => ({
  ...{ id: randomUUID(), caseId: randomUUID(), session: 1, channel: 'office', office: 'ñuñoa', officer },
  ...{ drawn: ['turn-left', 'card-tilt'], startedAt: 1000, work },
  ...differing,
});

for (const [name, { evidence, supervision, handovers, staff, person, keep, close }] of Object.entries(VERSIONS)) {
  test.serial(`${name}: a session comes back as it was opened, and says how it ended (R-49)`, async (t) => {
    const opened = session(await person());
    t.true(await evidence.open(opened));
    const open = { ...opened, version: 1, result: undefined, endedAt: undefined };
    t.deepEqual(await evidence.byId(opened.id), open);
    t.deepEqual(await evidence.inHand(opened.officer), open);
    const filled = { ...work, words: 'visto', sheet: { ...EMPTY_SHEET, ticks: ['consent'] } } as const;
    t.true(await evidence.write(opened.id, 1, filled));
    t.false(await evidence.write(opened.id, 1, work), 'somebody was faster');
    t.true(await evidence.end(opened.id, 2, { work: filled, result: 'approved', at: 2000 }));
    t.deepEqual(await evidence.ofCase(opened.caseId), [
      { ...opened, work: filled, version: 3, result: 'approved', endedAt: 2000 },
    ]);
    t.is(await evidence.inHand(opened.officer), undefined);
    t.false(await evidence.write(opened.id, 3, work), 'what has ended stays as it is');
    t.false(await evidence.end(opened.id, 3, { work, result: 'rejected', at: 3000 }));
    t.is(await evidence.byId('none'), undefined);
  });

  test.serial(`${name}: evidence lives as long as its account and so long after it (R-79)`, async (t) => {
    const [one, owner] = [someAccount(), someAccount()];
    for (const account of [one, owner]) await keep(account);
    const rejected = session(one.id, { startedAt: 1 });
    const approved = session(owner.id, { startedAt: 1 });
    const open = session(await person(), { startedAt: 1 });
    for (const each of [rejected, approved, open]) t.true(await evidence.open(each));
    await evidence.end(rejected.id, 1, { work, result: 'rejected', at: 3 });
    await evidence.end(approved.id, 1, { work, result: 'approved', at: 3 });
    await evidence.belongsTo(approved.id, owner.id);
    await supervision.draw(approved.id, 3);
    t.is(await evidence.sweep(3), 0);
    t.is(await evidence.sweep(4), 1, 'what led to no account');
    t.is(await evidence.byId(rejected.id), undefined);
    await close(owner.id, 10);
    t.is(await evidence.sweep(10), 0);
    t.truthy(await evidence.byId(approved.id));
    t.is(await evidence.sweep(11), 1);
    t.is(await evidence.byId(approved.id), undefined);
    t.truthy(await evidence.byId(open.id));
  });

  test.serial(
    `${name}: one session at a time for a case, and for an officer; of twenty at once one opens (R-48)`,
    async (t) => {
      const [officer, other] = [await person(), await person()];
      const first = session(officer);
      t.true(await evidence.open(first));
      t.false(await evidence.open(session(officer)), 'she is with somebody');
      t.false(await evidence.open(session(other, { caseId: first.caseId, session: 2 })), 'somebody is with him');
      t.true(await evidence.end(first.id, 1, { work, result: 'broken-off', at: 5 }));
      t.false(await evidence.open(session(other, { caseId: first.caseId })), 'the first session was');
      const again = Array.from({ length: 20 }, () =>
        evidence.open(session(other, { caseId: first.caseId, session: 2 })),
      );
      t.is((await Promise.all(again)).filter(Boolean).length, 1);
      t.deepEqual(
        (await evidence.ofCase(first.caseId)).map(({ session: n }) => n),
        [2, 1],
      );
    },
  );

  test.serial(`${name}: forsaken is a session that is old, or whose officer is none any more (R-55)`, async (t) => {
    const post = { roles: ['officer'], state: 'active', createdAt: 1 } as const;
    const begun = async (differing: object, startedAt: number) => {
      const officer = await person();
      await staff.put({ accountId: officer, ...post, ...differing }, 1);
      const opened = session(officer, { startedAt });
      await evidence.open(opened);
      return opened.id;
    };
    const good = await begun({}, 5000);
    const old = await begun({}, 4000);
    const off = await begun({ state: 'disabled' }, 5001);
    const other = await begun({ roles: ['auditor'] }, 5002);
    const gone = session(await person(), { startedAt: 5003 });
    await evidence.open(gone);
    const mine = [good, old, off, other, gone.id];
    const found = async (most: number) =>
      (await evidence.forsaken(4001, most)).map(({ id }) => id).filter((id) => mine.includes(id));
    t.deepEqual(await found(1000), [old, off, other, gone.id]);
    await evidence.end(off, 1, { work, result: 'broken-off', at: 6000 });
    t.deepEqual(await found(1000), [old, other, gone.id]);
    t.is((await evidence.forsaken(4001, 1)).length, 1);
  });

  test.serial(`${name}: a session ends once, of twenty at once (R-48)`, async (t) => {
    const opened = session(await person());
    await evidence.open(opened);
    const ends = Array.from({ length: 20 }, () =>
      evidence.end(opened.id, 1, { work, result: 'approved', at: 7_000_000 }),
    );
    t.is((await Promise.all(ends)).filter(Boolean).length, 1);
    const mine = (await evidence.byOfficer(7_000_000)).filter(({ officer }) => officer === opened.officer);
    t.deepEqual(mine, [{ officer: opened.officer, result: 'approved', count: 1 }]);
    t.deepEqual(await evidence.byOfficer(7_000_001), []);
  });

  test.serial(`${name}: a sample is looked at once, and not by whose approval it was (R-54)`, async (t) => {
    const [officer, chief] = [await person(), await person()];
    const opened = session(officer);
    await evidence.open(opened);
    await supervision.draw(opened.id, 10);
    await supervision.draw(opened.id, 11);
    const mine = async () => (await supervision.samples()).filter((one) => one.officer === officer);
    t.deepEqual(await mine(), [{ evidenceId: opened.id, caseId: opened.caseId, officer, drawnAt: 10 }]);
    const review = { at: 20, verdict: 'good', words: 'todo en orden' } as const;
    t.false(await supervision.review(opened.id, { by: officer, ...review }));
    t.true(await supervision.review(opened.id, { by: chief, ...review }));
    t.false(await supervision.review(opened.id, { by: chief, ...review }));
    t.deepEqual(await mine(), []);
    t.false(await supervision.review('none', { by: chief, ...review }));
  });

  test.serial(`${name}: all holds of a case end together, by nobody who raised one (R-58)`, async (t) => {
    const [officer, chief] = [await person(), await person()];
    const caseId = randomUUID();
    const hold = { caseId, words: 'dos voces', at: 5 };
    await supervision.hold({ ...hold, id: randomUUID(), kind: 'flag', officer });
    await supervision.hold({ ...hold, id: randomUUID(), kind: 'same-email', officer: undefined, at: 6, words: '' });
    const standing = async () => (await supervision.holds()).filter((one) => one.caseId === caseId);
    t.deepEqual(
      (await standing()).map(({ kind, officer: whose, words }) => [kind, whose, words]),
      [
        ['flag', officer, 'dos voces'],
        ['same-email', undefined, ''],
      ],
    );
    t.false(await supervision.endHolds(caseId, { by: officer, at: 9, outcome: 'released' }));
    t.is((await standing()).length, 2);
    t.true(await supervision.endHolds(caseId, { by: chief, at: 9, outcome: 'released' }));
    t.false(await supervision.endHolds(caseId, { by: chief, at: 9, outcome: 'rejected' }));
    t.deepEqual(await standing(), []);
    t.deepEqual(await supervision.released(caseId), ['flag', 'same-email']);
    t.deepEqual(await supervision.released(randomUUID()), []);
    t.deepEqual(await supervision.released('none'), []);
    const open = { ...hold, caseId: randomUUID(), id: randomUUID(), kind: 'flag', officer } as const;
    await supervision.hold(open);
    t.is(await supervision.sweep(9), 0);
    t.is(await supervision.sweep(10), 2, 'R-79: what was written about a person ends too');
    t.deepEqual(await supervision.released(caseId), []);
    t.is((await supervision.holds()).filter(({ id }) => id === open.id).length, 1, 'what stands stays');
  });

  test.serial(`${name}: a code is handed over once, of twenty at once, and not when it is old (R-53)`, async (t) => {
    const caseId = randomUUID();
    const room = { caseId, kind: 'room' } as const;
    await handovers.put({ ...room, code: 'OLDONE', until: 50 });
    await handovers.put({ ...room, code: 'NEWONE', until: 100 });
    await handovers.put({ caseId, kind: 'slip', code: 'PAPER', until: 100 });
    t.deepEqual(await handovers.waits(caseId, 99), ['room', 'slip']);
    const takes = await Promise.all(Array.from({ length: 20 }, () => handovers.take({ ...room, now: 99 })));
    t.deepEqual(
      takes.filter((one) => one !== undefined),
      [{ code: 'NEWONE', until: 100 }],
    );
    t.is(await handovers.take({ caseId, kind: 'slip', now: 100 }), undefined, 'too late');
    await handovers.put({ ...room, code: 'THIRD', until: 100 });
    await handovers.forget(caseId);
    t.deepEqual(await handovers.waits(caseId, 1), []);
    await handovers.put({ ...room, code: 'FOURTH', until: 100 });
    await handovers.sweep(100);
    t.is(await handovers.take({ ...room, now: 1 }), undefined);
  });
}
