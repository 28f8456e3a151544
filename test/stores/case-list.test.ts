import { randomUUID } from 'node:crypto';
import test from 'ava';
import { postgresCaseList } from '../../src/stores/case-list.ts';
import { postgresEnrolments } from '../../src/stores/enrolments.ts';
import { memoryCaseList, memoryEnrolments } from '../support/memory/enrolment.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const tables = emptyTables();

const VERSIONS = {
  memory: { list: memoryCaseList(tables), enrolments: memoryEnrolments(tables, write) },
  postgres: { list: postgresCaseList(postgres.db), enrolments: postgresEnrolments(postgres.db, oldVault()) },
};

for (const [name, { list, enrolments }] of Object.entries(VERSIONS))
  test(`${name}: R-63: where each request stands, a page at a time, and nothing of whom`, async (t) => {
    const ids: string[] = [];
    for (const at of [10, 30, 20]) {
      const [id, request] = [randomUUID(), { run: someAccount().person.run, document: 'x', lang: 'es' } as const];
      const made = { id, request, token: id, network: 'n', createdAt: at, expiresAt: 1000 };
      await enrolments.add({ ...made, ...(at === 20 && { channel: 'office', office: 'centro' }) });
      ids.push(id);
    }
    const was = (await enrolments.byId(ids[0]!))!;
    await enrolments.move(was, { move: 'withdraw', by: { kind: 'citizen' }, at: 40 });
    const order = async (paging: Partial<Parameters<typeof list.page>[1]>, filter = {}) => {
      const found = await list.page(filter, { sort: 'created', desc: true, limit: 9, ...paging });
      return found.map(({ row }) => ids.indexOf(row.id)).join('');
    };
    t.is(await order({}), '120');
    t.is(await order({ sort: 'moved' }), '012');
    t.is(await order({}, { stage: 'requested' }), '12');
    t.is(await order({}, { channel: 'office' }), '2');
    const [, second] = await list.page({}, { sort: 'created', desc: true, limit: 2 });
    t.deepEqual(second?.row, {
      ...{ id: ids[2], stage: 'requested', channel: 'office', office: 'centro', level: undefined },
      ...{ createdAt: 20, updatedAt: 20 },
    });
    t.is(await order({ place: second?.place }), '0');
    t.is(await order({ place: second?.place, back: true }), '1');
    t.is(await list.count({}, 2), 2);
    t.is(await list.count({ stage: 'withdrawn' }, 9), 1);
  });
