import test from 'ava';
import { LETTER_TASK } from '../../src/stores/outbox.ts';
import { startJobs } from '../../src/tasks/work.ts';
import { browser } from '../support/browser.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serve, theClock } from '../support/serve.ts';
import { until } from '../support/until.ts';

/** The time that it is, until a test lets it go on: what is counted by the minute is tried within one. */
let held: number | undefined;
const app = await serve({
  env: { TRUSTED_PROXIES: '127.0.0.1' },
  replace: ({ clock }) => ({ clock: () => held ?? clock() }),
});
const stop = await startJobs({ ...app.live, parts: app.parts, config: app.config, provider: app.op.provider });
test.after.always(async () => {
  await stop();
  await app.close();
});

const PASSWORD = 'boldo-quillay-peumo';
type Way = { readonly user?: ReturnType<typeof browser>; readonly from: string };
/** One try from an address: what is answered, and where it leads. */
const attempt = async (run: string, password: string, { user = app.visitor(), from }: Way) => {
  const headers = { 'x-forwarded-for': from };
  const { location } = await user.get(authorizeUrl(app.origin, { prompt: 'login' }), headers);
  const csrf = /name="csrf" value="([^"]+)"/.exec((await user.get(location, headers)).text)?.[1] ?? '';
  return { user, answer: await user.post(location, { csrf, run, password }, headers) };
};
const codeOf = async (user: ReturnType<typeof browser>, resume: string) =>
  new URL((await user.get(resume)).location).searchParams.get('code');
const lettersTo = (email: string) =>
  (app.parts.mailbox?.list() ?? []).filter(({ to, subject }) => to === email && subject.startsWith('Tu código'));
const waitingLetters = async () => {
  const { rows } = await app.live.db.raw<{ rows: { count: string }[] }>(
    'select count(*) from graphile_worker.jobs where task_identifier = ?',
    [LETTER_TASK],
  );
  return Number(rows[0]?.count);
};
const letterTo = async (email: string, count = 1) => {
  await until(() => lettersTo(email).length >= count);
  return lettersTo(email)[0];
};

test.serial(
  'R-20, R-21: guessing from everywhere leaves the known device alone; a new device gets in with the mailed code',
  async (t) => {
    const run = '11.111.111-1';
    const email = app.parts.demo!.people.find((person) => person.run === run)!.email!;
    const home = await attempt(run, PASSWORD, { from: '203.0.113.5' });
    t.is(home.answer.status, 303);
    // Five from each of thirty networks; the twenty-first on is answered by the step alone.
    const kinds = new Map<string, number>();
    for (let n = 0; n < 110; n++) {
      const { answer } = await attempt(run, `wrong ${n}`, { from: `198.51.${n % 30}.7` });
      const kind =
        answer.status === 303
          ? answer.location.replace(/.*\/ingresar\/[^/]+/, '').replace(/\?.*/, '')
          : String(answer.status);
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    t.deepEqual(
      [...kinds],
      [
        ['422', 20],
        ['/paso', 90],
      ],
    );

    const known = await attempt(run, PASSWORD, { user: home.user, from: '198.51.1.7' });
    t.regex(
      known.answer.location,
      /\/openid\/authorize\//,
      'the known device works at first try, from an attacked network too',
    );

    t.is(lettersTo(email).length, 0, 'guessing sends no letters');
    const fresh = await attempt(run, PASSWORD, { from: '192.0.2.44' });
    t.is(fresh.answer.status, 303);
    t.regex(fresh.answer.location, /^\/ingresar\/[\w-]+\/paso\?/);
    const letter = await letterTo(email);
    const [, code = ''] = /^([0-9A-Z]{4}-[0-9A-Z]{4}) es tu código/.exec(letter?.text ?? '') ?? [];
    t.false(letter?.subject.includes(code));
    t.false(/11\.?111\.?111/.test(`${letter?.text}${letter?.html}`), 'no RUN in a letter');
    const wrong = await fresh.user.submit(fresh.answer.location, { codigo: 'AAAA-AAAA' });
    t.is(wrong.status, 422);
    const { status, location } = await fresh.user.submit(fresh.answer.location, {
      codigo: ` ${code.toLowerCase().replace('-', ' ')}`,
    });
    t.is(status, 303);
    t.truthy(await codeOf(fresh.user, location));
    // The ceiling is open again for others, and this device is known now.
    const later = await attempt(run, PASSWORD, { user: fresh.user, from: '198.51.2.7' });
    t.regex(later.answer.location, /\/openid\/authorize\//);
  },
);

test.serial('R-15, R-26: where a step is asked, right, wrong, unknown and blocked get the same bytes', async (t) => {
  const people = [
    ['12.345.678-5', PASSWORD],
    ['44.444.444-4', 'wrong'],
    ['22.222.222-2', 'wrong'],
    ['24.681.357-4', PASSWORD],
    ['16.161.616-8', PASSWORD],
  ] as const;
  const pages = new Set<string>();
  for (const [run, password] of people) {
    for (let n = 0; n < 20; n++)
      await attempt(run, 'x', { from: `198.18.${n}.${people.findIndex(([one]) => one === run) + 1}` });
    const { user, answer } = await attempt(run, password, { from: '198.19.1.1' });
    t.is(answer.status, 303, run);
    const { text } = await user.get(answer.location);
    const refused = await user.submit(answer.location, { codigo: 'AAAA-AAAA' });
    t.is(refused.status, 422, run);
    pages.add(
      `${answer.text}${text}${refused.text}`
        .replace(/nonce="[^"]*"/g, '')
        .replace(/name="csrf" value="[^"]*"/g, '')
        .replace(/\/ingresar\/[\w-]+/g, ''),
    );
  }
  t.is(pages.size, 1);
});

test.serial(
  'R-11, R-12: a code is worth something in its own browser, for ten minutes, once, and after five wrong tries never',
  async (t) => {
    const run = '99.999.999-9';
    const email = app.parts.demo!.people.find((person) => person.run === run)!.email!;
    for (let n = 0; n < 20; n++) await attempt(run, 'x', { from: `198.20.${n}.1` });
    const ask = async (count: number) => {
      const { user, answer } = await attempt(run, 'testing', { from: `198.21.${count}.1` });
      const letter = await letterTo(email, count);
      return { user, location: answer.location, code: letter?.text.slice(0, 9) ?? '' };
    };
    const first = await ask(1);
    const stranger = await attempt(run, 'wrong', { from: '198.22.1.1' });
    t.is((await stranger.user.submit(stranger.answer.location, { codigo: first.code })).status, 422);
    for (let n = 0; n < 5; n++) t.is((await first.user.submit(first.location, { codigo: 'AAAA-AAAA' })).status, 422);
    t.is((await first.user.submit(first.location, { codigo: first.code })).status, 422, 'worn out');

    const second = await ask(2);
    const csrf = /name="csrf" value="([^"]+)"/.exec((await second.user.get(second.location)).text)![1]!;
    const race = await Promise.all(
      Array.from({ length: 20 }, () => second.user.post(second.location, { csrf, codigo: second.code })),
    );
    t.is(race.filter(({ status }) => status === 303).length, 1, 'of twenty at once one is right');

    const third = await ask(3);
    const clock = theClock();
    clock.set(clock.ahead() + 601);
    t.is((await third.user.submit(third.location, { codigo: third.code })).status, 422, 'too late');
    const fourth = await attempt(run, 'testing', { from: '198.23.1.1' });
    t.regex(fourth.answer.location, /\/paso/);
    t.true(await until(async () => (await waitingLetters()) === 0));
    t.is(lettersTo(email).length, 3, 'three letters an hour, no more');
    t.is(lettersTo(email)[0]?.text.slice(0, 9), third.code);
  },
);

test.serial('R-24, R-26: one address is slowed after twenty failures a minute, whatever it claims to be', async (t) => {
  const clock = theClock();
  clock.set(clock.ahead() + 3600);
  held = app.parts.clock();
  t.teardown(() => (held = undefined));
  const answers = [];
  for (let n = 0; n < 30; n++)
    answers.push((await attempt(`${n}-Z`, 'x', { from: `6.6.6.${n}, 198.51.100.77` })).answer.status);
  t.true(
    answers.every((status) => status === 422),
    'malformed RUNs are no tries',
  );
  const statuses: number[] = [];
  for (const { run } of [...app.parts.demo!.people, ...app.parts.demo!.people])
    statuses.push((await attempt(run, 'wrong', { from: `6.6.6.${statuses.length}, 198.51.100.77` })).answer.status);
  t.deepEqual(
    statuses.slice(0, 20),
    Array.from({ length: 20 }, () => 422),
  );
  t.true(statuses.slice(20).every((status) => status === 429));
  held += 61_000;
  t.is((await attempt('88.888.888-8', 'testing', { from: '198.51.100.77' })).answer.status, 303);
});

test.serial('R-13: no code can be read in the database', async (t) => {
  const codes = (app.parts.mailbox?.list() ?? [])
    .filter(({ subject }) => subject.startsWith('Tu código'))
    .map(({ text }) => text.slice(0, 9).replace('-', ''));
  t.true(codes.length >= 4);
  const { rows: tables } = await app.live.db.raw<{ rows: { name: string }[] }>(
    `select table_schema || '.' || table_name as name from information_schema.tables where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
  );
  for (const { name } of tables) {
    const { rows } = await app.live.db.raw<{ rows: { text: string }[] }>(`select t::text as text from ${name} t`);
    const all = rows.map(({ text }) => text).join('\n');
    for (const code of codes)
      for (const form of [
        code,
        Buffer.from(code).toString('hex'),
        Buffer.from(code).toString('base64').replace(/=+$/, ''),
      ])
        t.false(all.includes(form), name);
  }
});
