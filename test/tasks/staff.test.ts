import { userInfo } from 'node:os';
import test from 'ava';
import { serve } from '../support/serve.ts';
import { clave, claveJson, type Env } from './run-clave.ts';

const running = serve();
test.after.always(async () => (await running).close());
const beside = async (): Promise<Env> => ({
  DATABASE_URL: (await running).live.databaseUrl,
  MASTER_KEYS: `test:${'k'.repeat(43)}`,
});
type Listed = { staff: { name: string; roles: string[]; state: string }[] };

test('R-64: an administrator is made by command, listed by name, and disabled again, all of it recorded', async (t) => {
  const env = await beside();
  const grant = ['staff', 'grant', '--run', '11.111.111-1', '--role', 'auditor', '--role', 'supervisor'];
  const missing = await clave(grant, env);
  t.is(missing.code, 2);
  t.regex(missing.err, /--agency is needed/);
  await (
    await running
  ).parts.offices.put({
    ...{ id: 'valdivia', agency: 'ips', name: 'ChileAtiende Valdivia', address: 'Avenida 1', comuna: 'Valdivia' },
    ...{ region: 'Los Ríos', hours: {}, closed: [] },
  });
  const where = ['--agency', 'ips', '--office', 'ChileAtiende Valdivia'];
  const printed = await clave([...grant, ...where], env);
  t.is(printed.code, 0);
  const said = new Map(
    printed.out
      .trim()
      .split('\n')
      .map((line) => line.split(/ {2,}/) as [string, string]),
  );
  t.is(said.get('granted'), 'auditor, supervisor');
  t.regex(said.get('to') ?? '', /^María Carmen .*, 11\.111\.111-1$/);
  t.is(said.get('where'), 'ips, ChileAtiende Valdivia');
  t.regex(said.get('from') ?? '', /^the next sign-in at http:\/\/localhost:\d+, with a passkey$/);
  t.like(await claveJson([...grant, '--agency', 'ips'], env), {
    roles: ['auditor', 'supervisor'],
    agency: 'ips',
    state: 'invited',
  });
  const { staff } = await claveJson<Listed>(['staff', 'list'], env);
  t.like(
    staff.find(({ name }) => name.startsWith('María Carmen')),
    { roles: ['auditor', 'supervisor'], state: 'invited' },
  );
  await claveJson(['staff', 'revoke', '--run', '11111111-1', '--reason', 'prueba terminada'], env);
  const after = await claveJson<Listed>(['staff', 'list'], env);
  t.is(after.staff.find(({ name }) => name.startsWith('María Carmen'))?.state, 'disabled');
  const { rows } = await (
    await running
  ).live.db.raw<{ rows: { kind: string; operator: string | null }[] }>(
    `select kind, details ->> 'operator' as operator from audit where kind like 'staff-%' order by id`,
  );
  const { username: operator } = userInfo();
  t.deepEqual(rows, [
    { kind: 'staff-granted', operator },
    { kind: 'staff-granted', operator },
    { kind: 'staff-disabled', operator },
  ]);
});

test('nobody is made staff without an account or by a wrong role', async (t) => {
  const env = await beside();
  const nobody = await clave(['staff', 'grant', '--run', '22.222.222-2', '--role', 'operator'], env);
  t.is(nobody.code, 1);
  t.regex(nobody.err, /no active account/);
  const wrong = await clave(['staff', 'grant', '--run', '11.111.111-1', '--role', 'king'], env);
  t.is(wrong.code, 2);
  t.regex(wrong.err, /--role is one of officer/);
});
