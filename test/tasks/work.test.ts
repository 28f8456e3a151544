import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { createOutages } from '../../src/gateways/outages.ts';
import { tell } from '../../src/flows/notice.ts';
import { storeAnswers } from '../../src/stores/health.ts';
import { openPostgres } from '../../src/stores/connections.ts';
import type { Fields } from '../../src/parts.ts';
import { startJobs } from '../../src/tasks/work.ts';
import { mailServer } from '../support/mail-server.ts';
import { realPostgres, someAccount, storesOn } from '../support/memory/versions.ts';
import { relay } from '../support/relay.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';

/**
 * Jobs whose Postgres goes away and comes back. The process lives on: a rejection that nobody handled would fail the
 * whole file.
 */
const postgres = await realPostgres();
const url = new URL(postgres.url);
const wire = await relay(Number(url.port));
url.port = String(wire.port);
let cutting: (() => void) | undefined;
/** Postgres is lost when the next letter is nearly there; that to `gone…` is refused, and all others are taken. */
const server = await mailServer({
  refuses: (address) => address.startsWith('gone') && (cutOnce(), true),
  before: () => {
    cutOnce();
    return sleep(300);
  },
});
const app = await serve({ database: url.href, env: { SMTP_URL: server.url } });
const { config, live, op, parts } = app;
const jobs = () => startJobs({ ...live, parts, config, provider: op.provider });
test.after.always(async () => {
  wire.set('open');
  await app.close();
  await server.close();
  wire.close();
  await postgres.close();
});

function cutOnce() {
  cutting?.();
  cutting = undefined;
}

/** Over a wire of its own: it is there all the time. */
const beside = storesOn(postgres, parts.vault);
async function write(email: string) {
  const person = { ...someAccount().person, email, emailVerified: true };
  const account = someAccount({ person, secret: undefined });
  await beside.accounts.add(account);
  const asker = { deviceName: 'Chrome, Android', network: '200.1.2.0/24', site: 'Municipalidad' };
  const about = { event: 'password-changed', accountId: account.id, at: parts.clock(), asker } as const;
  await beside.transaction((tx) => tell(tx, parts, about));
}

const sentTo = (address: string) => server.received.filter(({ to }) => to.includes(address));
const letters = () => beside.jobs.standing(100);

for (const [how, address] of [
  ['well', 'rosa@correo.example'],
  ['badly', 'gone@correo.example'],
] as const)
  test.serial(
    `Postgres is lost while a letter is under way that ends ${how}: all go out when it is back`,
    async (t) => {
      const stop = await jobs();
      const { promise: isCut, resolve } = Promise.withResolvers<void>();
      cutting = () => {
        wire.set('cut');
        resolve();
      };
      await write(address);
      await isCut;
      await sleep(3000);
      await write(`after-${address}`);
      await sleep(500);
      t.is(sentTo(`after-${address}`).length, 0, 'not yet');
      t.like(await letters(), [{ waiting: 2, retrying: 0 }], 'nobody could say how the first one ended');
      wire.set('open');
      t.is((await server.waitFor(`after-${address}`)).length, 1);
      if (how === 'well') {
        const [first, second] = await server.waitFor(address, 2);
        t.is(second?.mail.messageId, first?.mail.messageId, 'it is sent again, and says that it is the same');
      }
      await until(async () => !(await letters())[0]?.waiting, 100);
      t.like((await letters())[0] ?? { waiting: 0, retrying: 0 }, { waiting: 0, retrying: how === 'well' ? 0 : 1 });
      await stop();
    },
  );

test.serial('Postgres is lost while nothing is under way, twice', async (t) => {
  const stop = await jobs();
  for (const address of ['first@correo.example', 'second@correo.example']) {
    wire.set('cut');
    await sleep(3000);
    await write(address);
    wire.set('open');
    t.is((await server.waitFor(address)).length, 1);
  }
  await stop();
});

test.serial('jobs begin and end while Postgres is away; what was there to do is done when it is back', async (t) => {
  wire.set('cut');
  await (
    await jobs()
  )();
  const stop = await jobs();
  await write('late@correo.example');
  wire.set('open');
  t.is((await server.waitFor('late@correo.example')).length, 1);
  wire.set('cut');
  await stop();
  wire.set('open');
});

/** Whoever connects from now on may write, or not; nobody stays connected. */
async function mayWrite(operator: ReturnType<typeof openPostgres>, may: boolean) {
  const name = new URL(postgres.url).pathname.slice(1);
  await operator.raw(`alter database ${name} set default_transaction_read_only = ${may ? 'off' : 'on'}`);
  await operator.raw(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = ? and pid <> pg_backend_pid()',
    [name],
  );
}

test.serial(
  'R-96: while Postgres takes no changes no job runner begins, and one line says so; one begins when it does again',
  async (t) => {
    const lines: { readonly level: string; readonly fields: Fields; readonly message: string }[] = [];
    const line = (level: string) => (fields: Fields, message: string) => void lines.push({ level, fields, message });
    const log = { debug: () => undefined, info: () => undefined, warn: line('warn'), error: line('error') };
    const outages = createOutages({ log, answers: (store) => storeAnswers(store, live.db, undefined) });
    let pools = 0;
    const pool: typeof live.pool = (max) => {
      pools += 1;
      return live.pool(max);
    };
    const stop = await startJobs({ ...live, parts: { ...parts, log, outages }, pool, config, provider: op.provider });
    const operator = openPostgres(postgres.url, { patience: 20_000, max: 1 });
    try {
      await mayWrite(operator, false);
      await until(() => outages.isAway('postgres'));
      const begun = pools;
      t.false((await live.parts.health())['postgres'], 'nor is it ready');
      await sleep(12_000);
      t.is(pools, begun);
      await operator.raw('set default_transaction_read_only = off');
      await mayWrite(operator, true);
      await write('writable@correo.example');
      t.is((await server.waitFor('writable@correo.example')).length, 1);
      t.is(pools, begun + 1);
      t.true((await live.parts.health())['postgres']);
    } finally {
      await operator.destroy();
      await stop();
      outages.end();
    }
    const ofPostgres = lines.filter(
      ({ message, fields }) => message !== 'jobs' || !/mail:/.test(String(fields['jobs'])),
    );
    const [first, ...rest] = ofPostgres.map(({ level, message }) => `${level} ${message}`);
    t.is(first, 'error a part is away');
    for (const each of rest) t.regex(each, /^warn a part is (still away|back)$/);
  },
);
