import test from 'ava';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgres } from '../../src/stores/connections.ts';
import { freshDatabase } from '../support/servers.ts';

test('scratch', async (t) => {
  const { url, drop } = await freshDatabase();
  const other = openPostgres(url, { patience: 5000 });
  await other.raw('create table kept (id int)');
  const db = openPostgres(url, { patience: 300, max: 1 });
  await db.raw('select 1');
  const fault = await db.transaction((trx) => trx.raw('select pg_sleep(1.5)')).then(() => 'none', String);
  t.log(fault);
  await sleep(2000);
  for (let n = 0; n < 20; n++) {
    try { await db.raw('insert into kept values (1)'); t.log('inserted'); break; } catch (error) { t.log(String(error)); await sleep(100); }
  }
  t.log((await other.raw('select count(*) from kept')).rows, (await other.raw(`select state, query from pg_stat_activity where datname = current_database()`)).rows);
  await db.destroy(); await other.destroy(); await drop();
  t.pass();
});
