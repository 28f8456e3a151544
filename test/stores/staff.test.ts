import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Staff } from '../../src/domain/roles.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { postgresProposals, type Proposal } from '../../src/stores/proposals.ts';
import { postgresStaff } from '../../src/stores/staff.ts';
import { cachedSwitches, postgresSwitches } from '../../src/stores/switches.ts';
import { memoryProposals, memoryStaff, memorySwitches } from '../support/memory/staff.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();
const accounts = postgresAccounts(postgres.db, oldVault());

const VERSIONS = {
  memory: {
    staff: memoryStaff(tables, write),
    proposals: memoryProposals(tables, write),
    switches: memorySwitches(tables, write),
    person: async (): Promise<string> => randomUUID(),
  },
  postgres: {
    staff: postgresStaff(postgres.db),
    proposals: postgresProposals(postgres.db, oldVault()),
    switches: postgresSwitches(postgres.db),
    person: async (): Promise<string> => {
      const account = someAccount();
      await accounts.add(account);
      return account.id;
    },
  },
};

const officer = (accountId: string, differing: Partial<Staff> = {}): Staff => ({
  ...{ accountId, roles: ['officer'], agency: 'ips', office: 'Ñuñoa', institution: undefined, state: 'active' },
  ...{ trainedAt: 5, seenAt: undefined, createdAt: 10 },
  ...differing,
});

for (const [name, { staff, proposals, switches, person }] of Object.entries(VERSIONS)) {
  test(`${name}: a member of staff comes back as she was put; roles are put anew, not added`, async (t) => {
    const id = await person();
    t.is(await staff.byId(id), undefined);
    await staff.put(officer(id), 20);
    t.deepEqual(await staff.byId(id), officer(id));
    await staff.put(officer(id, { roles: ['supervisor'], agency: 'registro-civil', office: undefined }), 30);
    t.deepEqual(
      await staff.byId(id),
      officer(id, { roles: ['supervisor'], agency: 'registro-civil', office: undefined }),
    );
    t.true((await staff.list({ agency: 'registro-civil' })).some(({ accountId }) => accountId === id));
    t.false((await staff.list({ agency: 'ips' })).some(({ accountId }) => accountId === id));
    t.true(await staff.setTrained(id, 99));
    t.true(await staff.setState(id, 'disabled', 40));
    t.like(await staff.byId(id), { trainedAt: 99, state: 'disabled' });
    t.false(await staff.setState(await person(), 'disabled', 40), 'nobody else');
  });

  test(`${name}: R-64: who has not come is disabled, who has is not`, async (t) => {
    const [gone, here, fresh] = [await person(), await person(), await person()];
    for (const id of [gone, here]) await staff.put(officer(id), 100);
    await staff.put(officer(fresh), 500);
    await staff.seen(gone, 100);
    await staff.seen(here, 400);
    const disabled = await staff.disableDormant(300, 1000);
    t.true(disabled.includes(gone));
    t.false(disabled.includes(here) || disabled.includes(fresh));
    t.is((await staff.byId(gone))?.state, 'disabled');
    t.is((await staff.byId(here))?.state, 'active');
  });

  test(`${name}: a page of staff begins beside a row; nonsense is the beginning`, async (t) => {
    const office = randomUUID();
    const ids: string[] = [];
    for (const at of [3, 1, 2]) {
      const id = await person();
      await staff.put(
        officer(id, { office: `${office} Ñ`, createdAt: at, roles: at === 2 ? ['auditor'] : ['officer'] }),
        at,
      );
      if (at !== 1) await staff.seen(id, 10 - at);
      ids.push(id);
    }
    const place = `${office} ñ`;
    const order = async (paging: Partial<Parameters<typeof staff.page>[1]>, filter: object = {}) => {
      const found = await staff.page({ place, ...filter }, { sort: 'since', desc: false, limit: 9, ...paging });
      return found.map(({ row }) => ids.indexOf(row.accountId)).join('');
    };
    t.is(await order({}), '120');
    t.is(await order({ sort: 'seen', desc: true }), '201', 'who never came is last');
    t.is(await order({}, { role: 'auditor' }), '2');
    t.is(await order({}, { agency: 'registro-civil' }), '');
    const [, second] = await staff.page({ place }, { sort: 'seen', desc: true, limit: 2 });
    t.is(await order({ sort: 'seen', desc: true, place: second?.place }), '1');
    t.is(await staff.count({ place }, 2), 2);
  });

  const proposal = async (differing: Partial<Proposal> = {}): Promise<Proposal> => ({
    ...{ id: randomUUID(), subject: randomUUID(), plan: { kind: 'staff', roles: ['officer'], agency: 'ips' } },
    ...{ reason: 'hace falta en la oficina', proposedBy: await person(), proposedAt: 10, expiresAt: 100 },
    ...differing,
  });

  test(`${name}: R-54: of many who decide at once one does, and never who proposed it`, async (t) => {
    const one = await proposal();
    t.true(await proposals.add(one));
    t.deepEqual(await proposals.byId(one.id, 50), one);
    t.false(await proposals.decide(one.id, one.proposedBy, { decision: 'approved', at: 50 }));
    const others = await Promise.all(Array.from({ length: 8 }, person));
    const decided = await Promise.all(
      others.map((by) => proposals.decide(one.id, by, { decision: 'approved', at: 50 })),
    );
    t.is(decided.filter(Boolean).length, 1);
    t.is(await proposals.byId(one.id, 50), undefined);
  });

  test(`${name}: about one object one proposal waits; one that is too old makes room`, async (t) => {
    const first = await proposal();
    t.true(await proposals.add(first));
    const second = await proposal({ subject: first.subject });
    t.false(await proposals.add(second));
    t.true(await proposals.add(await proposal()), 'about another');
    const later = { ...second, proposedAt: 100, expiresAt: 200 };
    t.true(await proposals.add(later));
    t.false(await proposals.decide(first.id, await person(), { decision: 'approved', at: 101 }));
    t.true((await proposals.open(150)).some(({ id }) => id === later.id));
    t.true(await proposals.decide(later.id, later.proposedBy, { decision: 'withdrawn', at: 150 }));
    t.false((await proposals.open(150)).some(({ id }) => id === later.id));
    const third = { ...(await proposal({ subject: first.subject })), proposedAt: 150, expiresAt: 300 };
    t.true(await proposals.add(third));
    await proposals.withdraw('reissue', first.subject, 151);
    await proposals.withdraw(third.plan.kind, (await proposal()).subject, 151);
    t.true((await proposals.open(151)).some(({ id }) => id === third.id));
    await proposals.withdraw(third.plan.kind, first.subject, 151);
    t.is(await proposals.byId(third.id, 151), undefined, 'what it was for is over');
  });

  test(`${name}: R-100: what is flipped is known, by a cache within two seconds`, async (t) => {
    let now = 0;
    const cached = cachedSwitches(switches, () => now);
    t.deepEqual([...(await cached.flipped())], []);
    await switches.set('enrolment-stopped', true, 1);
    now = 1999;
    t.deepEqual([...(await cached.flipped())], []);
    now = 2000;
    t.deepEqual([...(await cached.flipped())], ['enrolment-stopped']);
    t.deepEqual([...(await cached.since())], [['enrolment-stopped', 1]], 'and since when');
    await cached.set('enrolment-stopped', false, 2);
    t.deepEqual([...(await cached.flipped())], [], 'one’s own is seen at once');
  });
}

test('a place that nobody could have been given is the beginning', async (t) => {
  const { staff, person } = VERSIONS.postgres;
  const id = await person();
  await staff.put(officer(id, { office: id }), 1);
  for (const place of [
    { key: '1; drop table staff', id },
    { key: '1', id: 'x' },
    { key: '9'.repeat(30), id },
  ])
    t.is((await staff.page({ place: id }, { sort: 'since', desc: false, limit: 9, place })).length, 1);
});

test('R-78: what is proposed, and why, cannot be read in the database', async (t) => {
  const { proposals, person } = VERSIONS.postgres;
  const one: Proposal = {
    ...{ id: randomUUID(), subject: 'x', plan: { kind: 'staff', roles: ['officer'], office: 'Canario de Ñuñoa' } },
    ...{ reason: 'canario en la mina', proposedBy: await person(), proposedAt: 1, expiresAt: 2 },
  };
  await proposals.add(one);
  const { rows } = await postgres.db.raw<{ rows: { text: string }[] }>(
    `select proposals::text || encode(plan, 'escape') || encode(reason, 'escape') as text from proposals where id = ?`,
    [one.id],
  );
  t.is(rows.length, 1);
  t.notRegex(rows[0]?.text ?? '', /anario/);
});
