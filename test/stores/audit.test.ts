import { randomUUID } from 'node:crypto';
import test from 'ava';
import { postgresAudit, type Audit, type Event } from '../../src/stores/audit.ts';
import { memoryAudit } from '../support/memory/house.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { realPostgres } from '../support/memory/versions.ts';

const postgres = await realPostgres();
test.after.always(postgres.close);

const VERSIONS: Record<string, Audit> = {
  memory: memoryAudit(emptyTables(), write),
  postgres: postgresAudit(postgres.db),
};

const absent = { clientId: undefined, requestId: undefined, network: undefined, details: {} };

for (const [name, audit] of Object.entries(VERSIONS)) {
  test(`${name}: an event comes back with all that was said of it (R-71)`, async (t) => {
    const accountId = randomUUID();
    const event: Event = {
      ...{ kind: 'login-succeeded', at: 1_700_000_000_123, accountId, clientId: 'muni', requestId: 'r-1' },
      ...{ network: '2001:db8:0:0::/64', details: { amr: 'pwd', shared: false, tries: 3 } },
    };
    await audit.add(event);
    t.deepEqual(await audit.ofAccount(accountId, 10), [event]);
  });

  test(`${name}: the newest come first, so many, and nobody else's`, async (t) => {
    const [mine, yours] = [randomUUID(), randomUUID()];
    await audit.add({ kind: 'login-refused', at: 1, accountId: mine });
    await audit.add({ kind: 'login-succeeded', at: 3, accountId: yours });
    // Written later, though its time is earlier: a clock that was put right does not change the order.
    await audit.add({ kind: 'login-succeeded', at: 0, accountId: mine });
    await audit.add({ kind: 'new-device', at: 2, accountId: mine });
    await audit.add({ kind: 'login-refused', at: 4 });
    t.deepEqual(await audit.ofAccount(mine, 2), [
      { kind: 'new-device', at: 2, accountId: mine, ...absent },
      { kind: 'login-succeeded', at: 0, accountId: mine, ...absent },
    ]);
    t.is((await audit.ofAccount(mine, 10)).length, 3);
    t.deepEqual(await audit.ofAccount(randomUUID(), 10), []);
  });

  test(`${name}: twenty at once are all there`, async (t) => {
    const accountId = randomUUID();
    await Promise.all(Array.from({ length: 20 }, (_, at) => audit.add({ kind: 'login-refused', at, accountId })));
    const moments = (await audit.ofAccount(accountId, 100)).map(({ at }) => at);
    t.deepEqual(
      moments.sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, at) => at),
    );
  });

  test(`${name}: what is no account is refused`, async (t) => {
    await t.throwsAsync(audit.add({ kind: 'login-refused', at: 1, accountId: '12345678-5' }));
  });
}
