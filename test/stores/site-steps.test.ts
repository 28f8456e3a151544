import test from 'ava';
import type { SiteStep } from '../../src/domain/site-attempt.ts';
import { postgresClients } from '../../src/stores/clients.ts';
import { postgresSiteSteps, type NewStep, type SiteSteps } from '../../src/stores/site-steps.ts';
import { memoryClients } from '../support/memory/house.ts';
import { memorySiteSteps } from '../support/memory/site-steps.ts';
import { emptyTables, write } from '../support/memory/tables.ts';
import { realPostgres } from '../support/memory/versions.ts';

const postgres = await realPostgres();
const { db } = postgres;
const tables = emptyTables();
test.after.always(postgres.close);
test.before(async () => {
  for (const clients of [postgresClients(db), memoryClients(tables, write)])
    for (const id of ['a', 'b'])
      await clients.add(
        {
          ...{ id, name: id, institution: id, profile: 'oidc', state: 'certified', sector: id, secrets: [] },
          ...{ auth: 'client_secret_basic', scopes: ['openid'], redirectUris: [], postLogoutRedirectUris: [] },
        },
        1,
      );
});

const step: SiteStep = { kind: 'token', outcome: 'error', faults: ['code-used'], method: 'POST', sent: ['code'] };
const of = (clientId: string, at: number, ...links: string[]): NewStep => ({ clientId, at, links, step });

const STORES: Record<string, SiteSteps> = { memory: memorySiteSteps(tables), postgres: postgresSiteSteps(db) };
for (const [name, steps] of Object.entries(STORES)) {
  test.serial(`${name}: of each site the last so many steps stay, the newest first`, async (t) => {
    await steps.add([of('a', 1, 'x'), of('b', 2), of('a', 3, 'x', 'y'), of('a', 4)], 2);
    await steps.add([of('a', 5), of('nobody', 6), of('nobody\\"', 7)], 2);
    const kept = await steps.of('a', 10);
    t.deepEqual(
      kept.map(({ at, links }) => [at, links]),
      [
        [5, []],
        [4, []],
      ],
    );
    t.deepEqual(kept[0]?.step, step);
    t.true(Number(kept[0]?.id) > Number(kept[1]?.id));
    t.is((await steps.of('a', 1)).length, 1);
    t.is((await steps.of('b', 10)).length, 1);
    t.deepEqual(await steps.of('nobody', 10), []);
  });

  test.serial(`${name}: a link tells whose attempt it is: that of the first who had it`, async (t) => {
    await steps.add([of('a', 10, 'p', 'q'), of('b', 11, 'q', 'r')], 9);
    t.deepEqual([...(await steps.owners(['q', 'r', 'none']))].toSorted(), [
      ['q', 'a'],
      ['r', 'b'],
    ]);
    t.is((await steps.owners([])).size, 0);
  });

  test.serial(`${name}: R-79: what is from before is swept away`, async (t) => {
    await steps.sweep(11);
    t.deepEqual(await steps.of('a', 10), []);
    t.deepEqual(
      (await steps.of('b', 10)).map(({ at }) => at),
      [11],
    );
  });
}

test.serial('postgres: with a site its attempts go', async (t) => {
  await postgresClients(db).remove('b');
  t.deepEqual(await db('site_steps').select(), []);
});
