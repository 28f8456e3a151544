import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createClient, createJar } from '../../bench/client.ts';
import { productEnv, startServer, startServices, type Server } from '../../bench/servers.ts';
import { createVault } from '../../src/gateways/vault.ts';
import { postgresAccounts } from '../../src/stores/accounts.ts';
import { openPostgres } from '../../src/stores/connections.ts';
import { PATIENCE_S } from '../../src/tasks/work.ts';
import { someAccount } from '../support/memory/versions.ts';
import type { Check } from './machine.ts';
import { mailSink, type Arrived } from './mail-sink.ts';

const KILLS = Number(process.env['LETTER_KILLS'] ?? 12);
const AT_ONCE = 3;
/** Recoveries one after the other in one life. */
const MOST_EACH = 60;
/** Milliseconds after the start: some die at the first page, some when a third ClaveÚnica is being kept. */
const LIFE = { least: 200, most: 4500 };
const MAIL_MS = 15_000;
const NEW_CLAVE = 'litre canelo maitén arrayán';

type Sink = Awaited<ReturnType<typeof mailSink>>;
type Somebody = { readonly run: string; readonly email: string; readonly id: string };

/**
 * People recover their ClaveÚnica by mail while the product is killed outright at random moments and the mail server goes
 * away. In the end every letter that was committed has arrived, once but for what was being said at that moment, and
 * whatever began has happened wholly or not at all.
 */
export async function lettersKilled(progress: (text: string) => void): Promise<readonly Check[]> {
  const [services, sink] = [await startServices(), await mailSink()];
  try {
    const DATABASE_URL = await services.database('killed');
    const env = { ...productEnv(join(services.dir, 'data')), DATABASE_URL, SMTP_URL: sink.url, LOG_LEVEL: 'fatal' };
    const start = () => startServer({ name: 'killed', script: 'src/main.ts', cores: undefined, env });
    await (await start()).stop();
    const waiting = await people(DATABASE_URL, KILLS * AT_ONCE * MOST_EACH);
    const acknowledged = new Set<string>();
    for (let round = 0; round < KILLS; round++) {
      const server = await start();
      if (round % 5 === 0) progress(`letters: ${round} of ${KILLS} kills, ${acknowledged.size} recovered`);
      let dead = false;
      const going = { waiting, acknowledged, alive: () => !dead };
      const loops = Array.from({ length: AT_ONCE }, () => recoverUntilDead(server, sink, going));
      const dying = dieSoon(server).then(() => (dead = true));
      await Promise.all([...loops, dying, round % 3 === 0 && sink.fail(Math.random() * 1500)]);
    }
    const last = await start();
    const db = new pg.Client({ connectionString: DATABASE_URL });
    await db.connect();
    try {
      return verdicts(await books(db, acknowledged), sink.arrived);
    } finally {
      await db.end();
      await last.stop();
    }
  } finally {
    await sink.close();
    await services.close();
  }
}

async function people(url: string, count: number): Promise<Somebody[]> {
  const [, key = ''] = (productEnv('')['MASTER_KEYS'] ?? '').split(':');
  const db = openPostgres(url, { patience: 60_000 });
  const vault = createVault([{ id: 'bench', key: Buffer.from(key, 'base64url') }]);
  const all = Array.from({ length: count }, (_, n) => {
    const account = someAccount({ at: Date.now() - 86_400_000 });
    const email = `persona.${n}@correo.example`;
    return { ...account, person: { ...account.person, email, emailVerified: true } };
  });
  await db.transaction((trx) => postgresAccounts(trx, vault).addAll(all));
  await db.destroy();
  return all.map(({ id, person: { run, email } }) => ({ id, run, email }));
}

type Going = {
  readonly waiting: Somebody[];
  readonly acknowledged: Set<string>;
  readonly alive: () => boolean;
};

/** Somebody after the other, until nobody answers. */
async function recoverUntilDead(server: Server, sink: Sink, { waiting, acknowledged, alive }: Going): Promise<void> {
  while (alive()) {
    const somebody = waiting.pop();
    if (!somebody) throw new Error('letters: too few people for so many kills');
    const done = await recover(server.origin, sink, { somebody, alive }).catch(() => false);
    if (done) acknowledged.add(somebody.id);
  }
}

type Trying = { readonly somebody: Somebody; readonly alive: () => boolean };

/** By mail, as in a browser; true when the last page has said so. */
async function recover(origin: string, sink: Sink, { somebody, alive }: Trying): Promise<boolean> {
  const [client, jar] = [createClient(origin), createJar()];
  const address = { 'x-forwarded-for': `198.18.${Math.floor(Math.random() * 250)}.${Math.floor(Math.random() * 250)}` };
  const ask = async (path: string, form?: Readonly<Record<string, string>>) => {
    const type: Record<string, string> = form ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
    const answer = await client.ask({
      ...{ path, method: form ? 'POST' : 'GET', headers: { ...address, ...jar.header(path), ...type } },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
    jar.keep(answer.headers['set-cookie']);
    return answer;
  };
  const submit = async (path: string, form: Readonly<Record<string, string>>) => {
    const csrf = /name="csrf" value="([^"]+)"/.exec((await ask(path)).text)?.[1] ?? '';
    return (await ask(path, { csrf, ...form })).headers.location;
  };
  try {
    const { run, email } = somebody;
    if ((await submit('/recuperar', { run })) !== '/recuperar/codigo') return false;
    const codigo = await codeFor(sink, email, alive);
    if ((await submit('/recuperar/codigo', { run, codigo })) !== '/recuperar/clave') return false;
    const wish = { password: NEW_CLAVE, password2: NEW_CLAVE };
    return (await submit('/recuperar/clave', wish)) === '/recuperar/listo';
  } finally {
    client.close();
  }
}

async function codeFor({ arrived }: Sink, email: string, alive: () => boolean): Promise<string> {
  const until = performance.now() + MAIL_MS;
  while (performance.now() < until && alive()) {
    await sleep(10);
    const code = arrived.find((letter) => letter.to === email)?.code;
    if (code !== undefined) return code;
  }
  throw new Error('no letter came while it lived');
}

async function dieSoon({ pid }: Server): Promise<void> {
  await sleep(LIFE.least + Math.random() * (LIFE.most - LIFE.least));
  process.kill(pid, 'SIGKILL');
}

type Books = {
  readonly asked: number;
  readonly used: number;
  readonly left: number;
  readonly half: number;
  readonly forgotten: number;
  readonly seconds: number;
};

/** Waits until no job is left: those that a killed process held come free first. */
async function books(db: pg.Client, acknowledged: ReadonlySet<string>): Promise<Books> {
  const begun = performance.now();
  const count = async (sql: string, values: unknown[] = []) =>
    Number((await db.query<{ count: string }>(sql, values)).rows[0]?.count);
  const jobs = () => count(`select count(*) from graphile_worker.jobs where task_identifier = 'letter'`);
  while ((await jobs()) > 0 && performance.now() - begun < (PATIENCE_S + 60) * 1000) await sleep(500);
  const seconds = (performance.now() - begun) / 1000;
  const rows = (kind: string) =>
    `(select account_id, count(*) as n, max(at) as at from audit where kind = '${kind}' group by 1)`;
  return {
    asked: await count(`select count(*) from audit where kind = 'recovery-asked' and account_id is not null`),
    used: await count(`select count(*) from audit where kind = 'recovery-used'`),
    // A code for each that was asked; where it was used, ClaveÚnica, date, revocation and record are of one moment.
    half: await count(
      `select count(*) from accounts a
       left join ${rows('recovery-asked')} asked on asked.account_id = a.id
       left join ${rows('recovery-used')} used on used.account_id = a.id
       left join passwords p on p.account_id = a.id
       left join (select account_id, count(*) as n from codes where purpose = 'recovery' group by 1) c on c.account_id = a.id
       where coalesce(asked.n, 0) <> coalesce(c.n, 0)
         or (used.at is null) <> (a.recovered_at is null)
         or (used.at is not null and (p.changed_at <> used.at or a.recovered_at <> used.at or a.revoked_until <> used.at / 1000 + 1))
         or (used.at is null and p.changed_at > a.created_at)`,
    ),
    forgotten: await count(
      `select count(*) from unnest($1::uuid[]) as somebody where not exists
         (select from audit where kind = 'recovery-used' and account_id = somebody)`,
      [[...acknowledged]],
    ),
    left: await jobs(),
    seconds,
  };
}

function verdicts(
  { asked, used, left, half, forgotten, seconds }: Books,
  arrived: readonly Arrived[],
): readonly Check[] {
  const different = new Map(arrived.map((letter) => [letter.id, letter]));
  const codes = [...different.values()].filter(({ code }) => code !== undefined).length;
  const notices = different.size - codes;
  return [
    {
      what: `letters: people recover, the product killed outright ${KILLS} times, the mail server away every third time`,
      seen: `${asked} codes asked for and ${codes} come, ${used} recovered and ${notices} notices come (${arrived.length - different.size} letters twice), ${left} left, the last after ${seconds.toFixed(0)} s`,
      wanted: 'one letter for each, none left',
      good: asked > KILLS && used > 0 && codes === asked && notices === used && left === 0,
    },
    {
      what: 'letters: what of a recovery was begun and not ended, or ended and forgotten',
      seen: `${half} half, ${forgotten} forgotten`,
      wanted: 'none',
      good: half === 0 && forgotten === 0,
    },
  ];
}
