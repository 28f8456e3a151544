import { randomUUID } from 'node:crypto';
import test from 'ava';
import { permits, ROLES, RULES, type Reason, type Role, type Target } from '../../src/domain/roles.ts';
import { consoleRoutes } from '../../src/web/console-routes.ts';
import type { StaffRow } from '../../src/web/kit/staff-row.ts';
import { DEEDS } from '../support/console-deeds.ts';
import { member, type Member, type Subject, type World } from '../support/console-world.ts';
import { GOOD, registrySaying } from '../support/desk.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ replace: () => ({ civilRegistry: registrySaying(() => GOOD) }) });
test.after.always(() => app.close());

type Door = Extract<StaffRow, { who: 'staff' }>;
const DOORS = consoleRoutes.filter((row): row is Door => row.who === 'staff');
const FORMS = DOORS.filter(({ method }) => method === 'POST');
const opens = ({ may }: Door, role: Role) => may === 'any' || (RULES[may].roles as readonly Role[]).includes(role);
const named = (row: Door, id: string = randomUUID()) => row.path.replace(/:\w+/g, id);
const reason: Reason = { kind: 'case', text: 'probar la tabla de permisos' };

/** What must not move when something is refused: all but the record of it, counters and the last look of a session. */
async function picture(): Promise<string> {
  const { rows } = await app.live.db.raw<{ rows: { digest: string }[] }>(
    `select string_agg(name || md5(query_to_xml(format('select * from %I t order by t::text', name), false, false, '')::text), ' ' order by name) as digest
     from (select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'audit%'
       and tablename not like 'knex%' and tablename not in ('artifacts', 'journeys', 'limits', 'sessions')) tables`,
  );
  return rows[0]?.digest ?? '';
}
const ask = (
  user: Member,
  row: Door,
  { path = named(row), form = {} }: { path?: string; form?: object | undefined } = {},
) => (row.method === 'GET' ? user.get(path) : user.post(path, { csrf: user.csrf, ...form }));
/** The newest no, and what it lacked. */
async function lastNo({ accountId }: Member) {
  const query = { actorId: accountId, kind: 'staff-denied', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 1 };
  return (await app.parts.audit.find(query))[0]?.details;
}

test('R-63: there is something to try on each path of the console', (t) => {
  const missing = DOORS.filter(({ path }) => DEEDS[path] === undefined).map(({ path }) => path);
  t.deepEqual([...new Set(missing)], [], 'say in test/support/console-deeds.ts what can be tried there');
  const objects = DOORS.filter(({ path }) => path.includes(':') && !DEEDS[path]?.some(({ subjects }) => subjects));
  t.deepEqual(
    objects.map(({ path }) => path),
    [],
    'with which objects, her own and others’',
  );
  const forms = FORMS.filter(({ path }) => !DEEDS[path]?.some(({ body }) => body));
  t.deepEqual(
    forms.map(({ path }) => path),
    [],
    'and with which form it would be done',
  );
});

for (const role of ROLES)
  test.serial(
    `R-63: ${role}: a path that its row does not open stays shut, is recorded, and changes nothing`,
    async (t) => {
      const user = await member(app, role);
      const before = await picture();
      const shut = DOORS.filter((row) => !opens(row, role));
      t.true(shut.length > 0);
      for (const row of shut) {
        const { status } = await ask(user, row);
        t.is(status, 403, `${row.method} ${row.path}`);
        t.deepEqual(await lastNo(user), { act: row.may, lacks: 'role' }, row.path);
      }
      t.is(await picture(), before);
    },
  );

const NOTHING: Subject = { name: '', id: '', target: {} };
/** On which a deed was done by somebody. */
const done = new Set<string>();

/** What the table says of that role and that object. */
function expected(row: Door, user: Member, target: Target): 'yes' | 'no' {
  if (row.may === 'any') return 'yes';
  const now = app.parts.clock();
  return permits(user.staff, row.may, { target, asking: { now, provedAt: now, reason } }).kind === 'allowed'
    ? 'yes'
    : 'no';
}

for (const role of ROLES)
  test.serial(`R-63: ${role}: of her own and others’ objects exactly those that the table allows`, async (t) => {
    const user = await member(app, role);
    const world: World = { app, me: user };
    for (const row of DOORS.filter((door) => opens(door, role)))
      for (const deed of DEEDS[row.path] ?? []) {
        if (row.method === 'POST' ? !deed.body : deed.formAlone) continue;
        const subjects = (await deed.subjects?.(world)) ?? [{ ...NOTHING, target: deed.target ?? {} }];
        for (const subject of subjects) {
          const { name, id, target, unseen } = subject;
          // A page without an object is open to all of the row; its form is judged by what it says.
          const answer = row.method === 'GET' && !deed.subjects ? 'yes' : unseen ? 'no' : expected(row, user, target);
          const form = row.method === 'POST' ? await deed.body?.(world, subject) : undefined;
          const before = answer === 'no' ? await picture() : '';
          const { status, text } = await ask(user, row, { path: named(row, id), form });
          const what = `${row.method} ${row.path}, ${name}: ${String(status)} ${/<h1>[^<]*/.exec(text)?.[0] ?? ''}`;
          if (answer === 'yes') t.true([200, 303].includes(status), what);
          else if (unseen) t.true([404, 410].includes(status), what);
          else t.is(status, 403, what);
          if (answer === 'yes') done.add(`${row.method} ${row.path}`);
          if (answer === 'no') t.is(await picture(), before, what);
        }
      }
  });

test.serial('R-63: each path did what it is for, for somebody and on something', (t) => {
  t.deepEqual(
    DOORS.map(({ method, path }) => `${method} ${path}`).filter((one) => !done.has(one)),
    [],
  );
});

for (const role of ROLES)
  test.serial(`R-63: ${role}: guessed ids are not there, and that is recorded`, async (t) => {
    const user = await member(app, role);
    const before = await picture();
    const rows = DOORS.filter((door) => opens(door, role) && door.path.includes(':'));
    for (const row of rows)
      for (const id of [randomUUID(), '1', 'x', '00000000-0000-0000-0000-000000000000', '%27', '..%2f']) {
        const form = await DEEDS[row.path]?.[0]?.body?.({ app, me: user }, NOTHING);
        const { status } = await ask(user, row, { path: named(row, id), form: form ?? {} });
        t.true(
          status === 404 || status === 410 || status === 403,
          `${row.method} ${row.path} ${id}: ${String(status)}`,
        );
        t.is((await lastNo(user))?.['act'], row.may, row.path);
      }
    t.is(await picture(), before);
  });

test.serial(
  'R-44, R-63: forged, foreign, stale and twice-said forms, and hidden fields, change nothing on any path',
  async (t) => {
    const other = await member(app, 'auditor');
    // The console registers itself with the first who is sent to sign in.
    await app.visitor().get(`${app.console}/`);
    for (const row of FORMS) {
      const [role = 'officer'] = ROLES.filter((one) => opens(row, one));
      const user = await member(app, role);
      const world: World = { app, me: user };
      let tried = 0;
      for (const deed of DEEDS[row.path] ?? []) {
        const subjects = await deed.subjects?.(world);
        const subject = subjects?.find(({ target, unseen }) => !unseen && expected(row, user, target) === 'yes');
        if (subjects && !subject) continue;
        tried++;
        const path = named(row, subject?.id);
        const form = { csrf: user.csrf, ...(await deed.body?.(world, subject ?? NOTHING)) };
        const before = await picture();
        const tries = {
          'hidden fields': user.post(path, { ...form, role: 'operator', status: 'active', verified: 'true' }),
          'no token': user.post(path, { ...form, csrf: '' }),
          'the token of somebody else': user.post(path, { ...form, csrf: other.csrf }),
          'a token twice': user.post(path, `${new URLSearchParams(form).toString()}&csrf=x`),
          'from the citizens’ site': user.post(path, form, { origin: app.origin }),
          'from another site': user.post(path, form, { 'sec-fetch-site': 'cross-site' }),
          'as JSON': user.post(path, JSON.stringify(form), { 'content-type': 'application/json' }),
        };
        for (const [name, answer] of Object.entries(tries)) {
          const { status } = await answer;
          t.true([400, 403, 415].includes(status), `${row.path}, ${name}: ${String(status)}`);
        }
        t.is((await app.visitor().post(`${app.console}${path}`, form)).status, 303, `${row.path}: nobody is signed in`);
        t.is(await picture(), before, row.path);
      }
      t.true(tried > 0, `${row.path}: there is one that she may`);
    }
  },
);
