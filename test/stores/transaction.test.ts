import { randomUUID } from 'node:crypto';
import test from 'ava';
import { readConfig } from '../../src/config.ts';
import { connect } from '../../src/connect.ts';
import type { Client } from '../../src/domain/client.ts';
import type { Parts, Tx } from '../../src/parts.ts';
import { openLetter, type Letter, type SealedLetter } from '../../src/stores/outbox.ts';
import { memoryParts } from '../support/memory.ts';
import { realPostgres, signInOn, someAccount } from '../support/memory/versions.ts';
import { silent } from '../support/serve.ts';

const postgres = await realPostgres();
const live = await connect(
  readConfig({
    DATABASE_URL: postgres.url,
    MASTER_KEYS: `test:${'k'.repeat(43)}`,
    DEMO_PORT: '0',
    CONSOLE_PORT: '0',
    STORE_TIMEOUT_MS: '30000',
  }),
  { log: silent },
);
const memory = await memoryParts({ empty: true });
test.after.always(async () => {
  await live.close();
  await postgres.close();
});

type Version = { readonly parts: Parts; readonly lettersTo: (accountId: string) => Promise<readonly Letter[]> };

const VERSIONS: Record<string, Version> = {
  memory: {
    parts: memory,
    lettersTo: async (accountId) =>
      [...memory.tables.outbox.values()].filter((letter) => letter.accountId === accountId),
  },
  postgres: {
    parts: live.parts,
    async lettersTo(accountId) {
      // As the job runner keeps them.
      const { rows } = await live.db.raw<{ rows: { payload: SealedLetter }[] }>(
        `select payload from graphile_worker.jobs j join graphile_worker._private_jobs p on p.id = j.id
         where j.task_identifier = 'letter' and payload ->> 'accountId' = ?`,
        [accountId],
      );
      return rows.map(({ payload }) => openLetter(payload, live.parts.vault));
    },
  },
};

const letterTo = (accountId: string) =>
  ({
    letter: 'notice',
    event: 'new-device',
    ...{ accountId, at: 7, token: 't', to: 'ñ@correo.example' },
    asker: { deviceName: 'Firefox, Linux', network: '10.0.0.0/24', site: 'Municipalidad «Ñ»' },
  }) as const;
const someClient = (): Client => ({
  ...{
    id: randomUUID(),
    name: 'n',
    institution: 'i',
    profile: 'oidc',
    state: 'draft',
    sector: 's',
    auth: 'private_key_jwt',
  },
  ...{ secrets: [], scopes: ['openid'], redirectUris: ['https://rp.example/'], postLogoutRedirectUris: [] },
});

for (const [name, { parts, lettersTo }] of Object.entries(VERSIONS)) {
  /** One of everything that a transaction can change, and how much of it is there afterwards. */
  async function everything() {
    const [account, client, device] = [someAccount(), someClient(), randomUUID()];
    const { run } = account.person;
    await signInOn(parts, { device, name: 'Chrome' }, { run, at: 7 });
    const write = async (tx: Tx) => {
      await tx.accounts.add(account);
      await tx.clients.add(client, 7);
      await tx.devices.forget(run);
      must(!(await tx.devices.knows(device, run)));
      await tx.audit.add({ kind: 'new-device', at: 7, accountId: account.id });
      await tx.outbox.add(letterTo(account.id));
      // A transaction sees what it has written itself.
      must((await tx.accounts.byId(account.id))?.id === account.id);
    };
    const found = async () => ({
      account: (await parts.accounts.byId(account.id))?.id === account.id,
      client: (await parts.clients.byId(client.id))?.id === client.id,
      forgotten: !(await parts.devices.knows(device, run)),
      events: (await parts.audit.ofAccount(account.id, 10)).length,
      letters: await lettersTo(account.id),
    });
    return { account, write, found };
  }
  const NOTHING = { account: false, client: false, forgotten: false, events: 0, letters: [] };
  const must = (fine: boolean) => {
    if (!fine) throw new Error('not what the transaction wrote');
  };

  test(`${name}: when the work is done everything is there, the letter's job too, and its answer comes back`, async (t) => {
    const { account, write, found } = await everything();
    const answer = await parts.transaction(async (tx) => {
      await write(tx);
      return 'done';
    });
    t.is(answer, 'done');
    const letters = [letterTo(account.id)];
    t.deepEqual<unknown, unknown>(await found(), { account: true, client: true, forgotten: true, events: 1, letters });
  });

  test(`${name}: when the work throws nothing is there, the letter neither, and the fault comes out`, async (t) => {
    const { write, found } = await everything();
    const work = async (tx: Tx) => {
      await write(tx);
      throw new Error('disk full');
    };
    await t.throwsAsync(parts.transaction(work), { message: 'disk full' });
    t.deepEqual<unknown, unknown>(await found(), NOTHING);
  });

  test(`${name}: a change that can't be made takes the others back with it`, async (t) => {
    const { account, write, found } = await everything();
    const work = async (tx: Tx) => {
      await write(tx);
      await tx.accounts.add(someAccount({ person: account.person }));
    };
    await t.throwsAsync(parts.transaction(work));
    t.deepEqual<unknown, unknown>(await found(), NOTHING);
  });

  test(`${name}: what was there before is as it was after a throw`, async (t) => {
    const account = someAccount();
    const device = randomUUID();
    await parts.accounts.add(account);
    const { run } = account.person;
    await signInOn(parts, { device, name: 'Chrome' }, { run, at: 1 });
    const known = await parts.devices.of(run);
    const before = await parts.accounts.forLogin(run);
    const work = async (tx: Tx) => {
      await tx.accounts.setStatus(account.id, 'blocked', 9);
      await tx.accounts.revokeUntil(account.id, 9);
      await tx.accounts.replaceSecret(account.id, account.secret!, { hash: 'other', pepper: undefined });
      must(await tx.devices.forgetOne(run, known[0]!.ref));
      throw new Error('no');
    };
    await t.throwsAsync(parts.transaction(work), { message: 'no' });
    t.deepEqual(await parts.accounts.forLogin(run), before);
    t.deepEqual(await parts.devices.of(run), known);
  });

  test(`${name}: of two at once the one that throws takes nothing of the other with it`, async (t) => {
    const [good, bad] = [await everything(), await everything()];
    const results = await Promise.allSettled([
      parts.transaction(async (tx) => {
        await bad.write(tx);
        throw new Error('no');
      }),
      parts.transaction(good.write),
    ]);
    t.deepEqual(
      results.map(({ status }) => status),
      ['rejected', 'fulfilled'],
    );
    t.deepEqual<unknown, unknown>(await bad.found(), NOTHING);
    t.is((await good.found()).letters.length, 1);
  });
}

test('postgres: what is not committed is nobody else’s to see', async (t) => {
  const account = someAccount();
  const { parts } = live;
  await parts.transaction(async (tx) => {
    await tx.accounts.add(account);
    await tx.outbox.add(letterTo(account.id));
    t.is(await parts.accounts.byId(account.id), undefined);
    t.deepEqual(await VERSIONS['postgres']?.lettersTo(account.id), []);
  });
  t.is((await parts.accounts.byId(account.id))?.id, account.id);
});

test('postgres: a job stands in the runner’s table under its name, with what it needs and no more', async (t) => {
  const [accountId, sid] = [randomUUID(), randomUUID()];
  await live.parts.jobs.add({ job: 'backchannel-logout', clientId: 'c', accountId, sid });
  const { rows } = await live.db.raw<{ rows: { task: string; payload: unknown; most: number }[] }>(
    `select j.task_identifier as task, p.payload, j.max_attempts as most
     from graphile_worker.jobs j join graphile_worker._private_jobs p on p.id = j.id where p.payload ->> 'sid' = ?`,
    [sid],
  );
  t.is(rows.length, 1);
  t.deepEqual(rows[0]?.payload, { clientId: 'c', accountId, sid });
  t.is(rows[0]?.task, 'backchannel-logout');
  t.true((rows[0]?.most ?? 0) > 1, 'tried again');
});
