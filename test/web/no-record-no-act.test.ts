import test from 'ava';
import type { EventKind } from '../../src/domain/event.ts';
import { parseRun } from '../../src/domain/run.ts';
import { permits, ROLES, RULES, type Role, type Target } from '../../src/domain/roles.ts';
import { consoleRoutes } from '../../src/web/console-routes.ts';
import { DEEDS } from '../support/console-deeds.ts';
import { RECORDED } from '../support/console-records.ts';
import { member, type Subject, type World } from '../support/console-world.ts';
import { GOOD, registrySaying } from '../support/desk.ts';
import { LUIS, MARIA, MUNICIPIO, provider, request } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve({ replace: () => ({ civilRegistry: registrySaying(() => GOOD) }) });
test.after.always(() => app.close());

const refuse = () =>
  app.live.db.raw(`
    create or replace function nothing_more() returns trigger language plpgsql as $$
    begin raise exception 'permission denied for table audit' using errcode = '42501'; end $$;
    create trigger nothing_more before insert on audit for each row execute function nothing_more();
  `);
const allow = () => app.live.db.raw('drop trigger if exists nothing_more on audit');

type Recorded = {
  readonly kind: EventKind;
  readonly actor_id: string | null;
  readonly account_id: string | null;
  readonly details: Readonly<Record<string, unknown>>;
};

const NOTHING: Subject = { name: '', id: '', target: {} };
const TABLES = [
  ...[
    'accounts',
    'cases',
    'case_steps',
    'clients',
    'codes',
    'proposals',
    'staff',
    'switches',
    'alerts',
    'holds',
    'handovers',
  ],
  ...['enrolments', 'enrolment_moves', 'evidence', 'samples', 'bookings', 'rosters', 'offices', 'slots', 'walk_ins'],
];
async function picture(kept: string | undefined): Promise<string> {
  const { rows } = await app.live.db.raw<{ rows: { digest: string }[] }>(
    `select string_agg(name || md5(query_to_xml(format('select * from %I t order by t::text', name), false, false, '')::text), ' ' order by name) as digest
     from (select tablename as name from pg_tables where schemaname = 'public' and tablename = any(?)) tables`,
    [TABLES.filter((table) => table !== kept)],
  );
  const { rows: jobs } = await app.live.db.raw<{ rows: { count: string }[] }>(
    'select count(*) as count from graphile_worker.jobs',
  );
  return `${rows[0]?.digest ?? ''} ${jobs[0]?.count ?? ''}`;
}

/** Generated: each form of the console, by somebody to whom the table allows it, on an object that is there. */
for (const row of consoleRoutes) {
  if (row.who !== 'staff' || row.method !== 'POST') continue;
  const { may, path } = row;
  const deeds = DEEDS[path] ?? [];
  test.serial(
    `R-71, R-73: POST ${path}: without a record 503 and nothing changed; with its one event it is done`,
    async (t) => {
      const roles = ROLES.filter((role) => may === 'any' || (RULES[may].roles as readonly Role[]).includes(role));
      let tried = 0;
      for (const deed of deeds) {
        const user = await member(app, roles.includes('operator') ? 'operator' : (roles[0] ?? 'officer'));
        const world: World = { app, me: user };
        const now = app.parts.clock();
        const asking = { now, provedAt: now, reason: { kind: 'case', text: 'porque hace falta' } } as const;
        const allows = (target: Target) =>
          may === 'any' || permits(user.staff, may, { target, asking }).kind === 'allowed';
        const subject = (await deed.subjects?.(world))?.find(({ target, unseen }) => !unseen && allows(target));
        if ((deed.subjects && !subject) || !allows(subject?.target ?? deed.target ?? {})) continue;
        tried++;
        const fill = async (): Promise<Readonly<Record<string, string>>> => ({
          csrf: user.csrf,
          ...(await deed.body?.(world, subject ?? NOTHING)),
        });
        const form = await fill();
        const to = path.replace(/:\w+/g, subject?.id ?? '');
        const before = await picture(deed.keeps);
        await refuse();
        const refused = await user.post(to, form).finally(allow);
        t.is(refused.status, 503, `${to}: ${/<h1>[^<]*/.exec(refused.text)?.[0] ?? ''}`);
        t.truthy(refused.headers.get('retry-after'));
        t.is(await picture(deed.keeps), before, 'nothing has changed');
        // What was kept moves the page on; everywhere else the same form is good.
        const done = await user.post(to, deed.keeps ? await fill() : form);
        t.true([200, 303].includes(done.status), 'then it is done');
        const request = done.headers.get('x-request-id') ?? '';
        const events = await app.live.db('audit').where({ request_id: request }).select<Recorded[]>();
        const kinds = RECORDED[path] ?? [];
        t.deepEqual(
          events.map(({ kind }) => kind),
          [kinds[deeds.indexOf(deed)] ?? kinds[0]],
          'one event, and the right one',
        );
        const [event] = events;
        t.is(event?.actor_id, user.accountId);
        // Whom the line gives, and whom a search is about, nobody names.
        if (subject?.target.accountId !== undefined) t.is(event?.account_id, subject.target.accountId);
        else if (/^(person|staff|roster)-/.test(event?.kind ?? '')) t.truthy(event?.account_id);
        if (may !== 'any' && (RULES[may].needs as readonly string[]).includes('reason'))
          t.like(event?.details, { reason: form['motivo'], words: form['palabras'] });
      }
      t.true(tried > 0, 'there was something to try');
    },
  );
}

const rp = provider(app.origin);
const accountOf = async (run: string) => (await app.parts.accounts.forLogin(parseRun(run)!))!.account;

test.serial(
  'R-73, R-15: nobody signs in without a record, and a right password is answered as a wrong one',
  async (t) => {
    const { id } = await accountOf(LUIS.run);
    const events = (await app.parts.audit.ofAccount(id, 100)).length;
    const answers = new Set<string>();
    for (const form of [LUIS, { ...LUIS, password: 'otra-que-no-es' }, { ...LUIS, run: '17.171.717-5' }]) {
      const user = app.visitor();
      const { location } = await user.get(request(MUNICIPIO));
      const [, uid = ''] = /ingresar\/([\w-]+)/.exec(location) ?? [];
      await refuse();
      const sent = await user.submit(location, form).finally(allow);
      t.deepEqual([sent.status, sent.headers.get('retry-after'), sent.location], [503, '5', '']);
      // Aside, the emulator shows whom one has typed, and a bar what the tests above have stopped, within seconds.
      answers.add(sent.text.replaceAll(uid, '').replaceAll(/(nonce|value)="[^"]*"|<aside[^]*?<\/aside>|\s+/g, ''));
    }
    t.is(answers.size, 1);
    t.is((await app.parts.audit.ofAccount(id, 100)).length, events);
    t.true((await rp.signIn(app.visitor(), MUNICIPIO, LUIS)).has('code'));
  },
);

test.serial('R-73, R-32: no session and no code without a record', async (t) => {
  const user = app.visitor();
  const { id } = await accountOf(MARIA.run);
  const { location } = await user.get(request(MUNICIPIO));
  const { location: back } = await user.submit(location, MARIA);
  const sessions = (await app.parts.sessions.list(id, 0)).length;
  await refuse();
  const refused = await user.get(back).finally(allow);
  t.deepEqual([refused.status, refused.headers.get('retry-after'), refused.location], [503, '5', '']);
  t.deepEqual(refused.headers.getSetCookie(), []);
  t.is((await app.parts.sessions.list(id, 0)).length, sessions);
  t.is((await rp.silently(user, MUNICIPIO)).get('error'), 'login_required');
});
