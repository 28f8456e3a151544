import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { listen } from '../../src/stores/listening.ts';
import { realPostgres } from '../support/memory/versions.ts';

test('R-98: who stops listening while Postgres is away does not begin again when it is back', async (t) => {
  const { db, url, close } = await realPostgres();
  t.teardown(close);
  const heard: string[] = [];
  const end = await listen({
    ...{ url, channel: 'somebody', catchUp: async () => undefined },
    heard: (payload) => heard.push(payload),
  });
  const listening = async (what: string) => {
    const { rows } = await db.raw<{ rows: unknown[] }>(
      `select ${what} from pg_stat_activity where datname = current_database() and query = 'listen somebody'`,
    );
    return rows.length;
  };
  const heardAfter = async (word: string) => {
    await db.raw('select pg_notify(?, ?)', ['somebody', word]);
    for (let tries = 0; tries < 500 && !heard.includes(word); tries++) await sleep(20);
    return heard.includes(word);
  };
  t.true(await heardAfter('one'));
  t.is(await listening('pg_terminate_backend(pid)'), 1);
  while ((await listening('1')) > 0) await sleep(5);
  while ((await listening('1')) === 0) await sleep(5);
  t.true(await heardAfter('two'), 'it begins again by itself');
  t.is(await listening('pg_terminate_backend(pid)'), 1);
  while ((await listening('1')) > 0) await sleep(5);
  await end();
  await sleep(1200);
  t.is(await listening('1'), 0);
});
