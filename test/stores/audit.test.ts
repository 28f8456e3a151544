import { randomBytes, randomUUID } from 'node:crypto';
import test from 'ava';
import { crockford } from '../../src/domain/crockford.ts';
import { saidRequest } from '../../src/domain/help-code.ts';
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

  test(`${name}: of several that come at once the one that cannot be kept is refused, and no other (R-73)`, async (t) => {
    const accountId = randomUUID();
    const of = (at: number, owner: string) => audit.add({ kind: 'login-refused', at, accountId: owner });
    const told = await Promise.allSettled([of(1, accountId), of(2, '12345678-5'), of(3, accountId)]);
    t.deepEqual(
      told.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    t.deepEqual(
      (await audit.ofAccount(accountId, 10)).map(({ at }) => at).sort((a, b) => a - b),
      [1, 3],
    );
  });

  test(`${name}: what is no account is refused`, async (t) => {
    await t.throwsAsync(audit.add({ kind: 'login-refused', at: 1, accountId: '12345678-5' }));
  });

  test(`${name}: events are searched by kind, site and time, in pages, the newest first (R-32)`, async (t) => {
    const [accountId, stranger] = [randomUUID(), randomUUID()];
    for (const at of [1, 2, 3, 4, 5, 6])
      await audit.add({ kind: 'access-granted', at, accountId, clientId: at % 2 ? 'muni' : 'registro' });
    await audit.add({ kind: 'login-refused', at: 7, accountId, clientId: 'muni' });
    await audit.add({ kind: 'access-granted', at: 3, accountId: stranger, clientId: 'muni' });
    const query = { accountId, kinds: ['access-granted'], from: 2, until: 6, limit: 10 } as const;
    const times = async (more: object) => (await audit.search({ ...query, ...more })).map(({ at }) => at);
    t.deepEqual(await times({}), [5, 4, 3, 2]);
    t.deepEqual(await times({ limit: 2 }), [5, 4]);
    t.deepEqual(await times({ skip: 2, limit: 1 }), [3]);
    t.deepEqual(await times({ clientId: 'muni' }), [5, 3]);
    t.deepEqual(await times({ kinds: ['access-granted', 'login-refused'], until: 100 }), [7, 6, 5, 4, 3, 2]);
    t.deepEqual(await times({ kinds: [] }), []);
    t.deepEqual(await times({ accountId: randomUUID() }), []);
  });

  test(`${name}: the sites that somebody entered, and when each session last did (R-32)`, async (t) => {
    const accountId = randomUUID();
    const entered = (at: number, clientId: string, session: string) =>
      audit.add({ kind: 'access-granted', at, accountId, clientId, details: { session } });
    await entered(1, 'muni', 'a');
    await entered(5, 'muni', 'a');
    await entered(9, 'registro', 'b');
    await entered(7, 'muni', 'b');
    t.deepEqual(await audit.visited(accountId, 0), [
      { clientId: 'registro', lastAt: 9, times: 1 },
      { clientId: 'muni', lastAt: 7, times: 3 },
    ]);
    t.deepEqual(await audit.visited(accountId, 8), [{ clientId: 'registro', lastAt: 9, times: 1 }]);
    t.deepEqual([...(await audit.lastUses(accountId, 0))].sort(), [
      ['a', 5],
      ['b', 9],
    ]);
    t.is((await audit.lastUses(randomUUID(), 0)).size, 0);
  });

  test(`${name}: R-71: events of a request are found by its id, and by what a help code says of it`, async (t) => {
    const requestId = randomBytes(12).toString('base64url');
    const code = crockford(Buffer.from(requestId, 'base64url').subarray(0, 5));
    await audit.add({ kind: 'login-refused', at: 5, requestId });
    await audit.add({ kind: 'login-succeeded', at: 6, requestId });
    await audit.add({ kind: 'login-succeeded', at: 6, requestId: `${requestId.slice(0, 8)}AAAAAAAA` });
    await audit.add({ kind: 'login-succeeded', at: 7, requestId: randomBytes(12).toString('base64url') });
    const when = { from: 0, until: 100 };
    const times = async (request: string, more: object = {}) =>
      (await audit.find({ ...when, request: saidRequest(request), limit: 9, ...more })).map(({ at }) => at);
    t.deepEqual(await times(requestId), [6, 5]);
    t.deepEqual(await times(requestId, { oldestFirst: true }), [5, 6]);
    t.deepEqual(await times(code), [6, 6, 5]);
    t.deepEqual(await times(code.toLowerCase().replace('-', ''), { kind: 'login-refused' }), [5]);
    t.is(await audit.countFound({ ...when, request: saidRequest(code) }, 100), 3);
    t.is(await audit.countFound({ ...when, request: saidRequest(code) }, 2), 2);
    const [, second] = await audit.find({ ...when, request: saidRequest(code), oldestFirst: true, limit: 2 });
    t.deepEqual(await times(code, { oldestFirst: true, before: second?.id }), [6]);
  });
}
