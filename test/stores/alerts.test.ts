import test from 'ava';
import { postgresAlerts, type Alerts } from '../../src/stores/alerts.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { memoryAlerts } from '../support/memory/alerts.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { oldVault, realPostgres, someAccount } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);
const her = someAccount();
test.before(() => postgresAccounts(postgres.db, oldVault()).addAll([her]));

const VERSIONS: Record<string, Alerts> = {
  memory: memoryAlerts(emptyTables(), write),
  postgres: postgresAlerts(postgres.db),
};
const HOUR = 3_600_000;

for (const [name, alerts] of Object.entries(VERSIONS))
  test(`${name}: an alert rings once an hour, and one of several acknowledges it (R-100)`, async (t) => {
    const alert = { kind: 'staff-look-ups', key: 'a', at: 5, actorId: her.id, details: { tries: 61 } } as const;
    const rung = await Promise.all([alerts.add(alert), alerts.add(alert), alerts.add({ ...alert, at: 7 })]);
    t.is(rung.filter((id) => id !== undefined).length, 1);
    t.truthy(await alerts.add({ ...alert, key: 'b' }));
    t.truthy(await alerts.add({ kind: 'chain-late', key: '', at: HOUR, details: {} }));
    t.truthy(await alerts.add({ ...alert, at: HOUR + 1 }), 'an hour later again');
    const all = await alerts.list({ limit: 10 });
    t.deepEqual(
      all.map(({ kind, at }) => [kind, at]),
      [
        ['staff-look-ups', HOUR + 1],
        ['chain-late', HOUR],
        ['staff-look-ups', 5],
        ['staff-look-ups', 5],
      ],
    );
    t.deepEqual(all[1], { id: all[1]?.id ?? '', kind: 'chain-late', at: HOUR, details: {} });
    t.is(await alerts.open(), 4);
    const { id = '' } = all[0] ?? {};
    t.deepEqual((await Promise.all([1, 2, 3].map((at) => alerts.acknowledge(id, her.id, at)))).sort(), [
      ...[false, false, true],
    ]);
    t.is(await alerts.acknowledge('99999999', her.id, 1), false);
    t.is(await alerts.acknowledge('x', her.id, 1), false);
    t.is(await alerts.open(), 3);
    t.deepEqual(
      (await alerts.list({ open: true, limit: 10 })).map((one) => one.id),
      all.slice(1).map((one) => one.id),
    );
    t.deepEqual(
      (await alerts.list({ before: all[1]?.id, limit: 1 })).map((one) => one.id),
      [all[2]?.id],
    );
    t.is((await alerts.list({ limit: 1 }))[0]?.seenBy, her.id);
    t.is(await alerts.sweep(100), 1);
    t.is((await alerts.list({ limit: 10 })).length, 3, 'what nobody has seen stays');
  });
