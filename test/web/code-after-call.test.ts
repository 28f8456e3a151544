import test, { type ExecutionContext } from 'ava';
import { ACTIVATION_CODE, parseActivationCode } from '../../src/domain/code.ts';
import { ANOTHER_CODE } from '../../src/domain/room.ts';
import { issueActivationCode } from '../../src/flows/issue-code.ts';
import { replaceCode } from '../../src/flows/show-code.ts';
import type { Parts } from '../../src/parts.ts';
import { browser } from '../support/browser.ts';
import { calledWell } from '../support/code-after-call.ts';
import { field } from '../support/console.ts';
import { parseRun } from '../../src/domain/run.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { serve, theClock } from '../support/serve.ts';

/** She has an account, and an address that she has confirmed. */
const MARIA_RUN = parseRun('11.111.111-1')!;
type User = ReturnType<typeof browser>;
type Called = Awaited<ReturnType<typeof calledWell>>;
type House = { readonly origin: string; readonly parts: Parts; readonly visitor: () => User };

const shown = (text: string) => /<p class="call-code"><code>([^<]*)</.exec(text)?.[1];
/** The form as it stands at that address; `lost`: nothing of what comes back is ever seen. */
async function press({ origin }: House, { here, user }: Called, form: Record<string, string> = {}) {
  const csrf = field((await user.get(here)).text, 'csrf');
  const lost = browser(origin, await user.jar.clone());
  return { lost, send: (by: User = user) => by.post(here, { csrf, ...form }) };
}
/** Her code, in the browser that she has; of the page nothing arrives when it is `lost`. */
async function look(house: House, called: Called, { lost = false } = {}) {
  const pressed = await press(house, called);
  const by = lost ? pressed.lost : called.user;
  const { location } = await pressed.send(by);
  return { location, answer: await by.get(location), by };
}
/** Another, from the page that says that it was shown. */
async function another(house: House, called: Called, page: string) {
  const { send } = await press(house, called, { otro: field(page, 'otro') });
  const { status, location } = await send();
  return { status, location, answer: await called.user.get(location) };
}
/** Whether a code is the one that lives. */
const lives = async ({ parts }: House, { run }: Called, code: string | undefined) => {
  const purpose = 'activation' as const;
  const claim = { purpose, binding: run, code: parseActivationCode(code ?? '') ?? '', now: parts.clock() };
  const { tries, again } = ACTIVATION_CODE;
  return (await parts.codes.claim({ ...claim, tries, claimant: 'tester', again })) !== undefined;
};
const shownEvents = ({ parts }: House, { caseId }: Called) =>
  parts.audit
    .find({ kind: 'code-shown', from: 0, until: Number.MAX_SAFE_INTEGER, limit: 100 })
    .then((all) => all.filter(({ details }) => details?.['case'] === caseId).length);

const HOUSES = {
  memory: () => serveMemory(),
  Postgres: () => serve(),
} satisfies Record<string, () => Promise<House & { readonly close: () => Promise<void> }>>;

for (const [name, start] of Object.entries(HOUSES)) {
  const house = async (t: ExecutionContext): Promise<House> => {
    const started = await start();
    t.teardown(started.close);
    return started;
  };

  test.serial(`${name}, R-53: pressed twice before the answer, the code is seen in the second; once`, async (t) => {
    const at = await house(t);
    const called = await calledWell(at);
    const { lost, send } = await press(at, called);
    const [first, second] = [await send(lost), await send()];
    t.deepEqual([first.status, second.status], [303, 303]);
    t.is(first.location, second.location);
    const answer = await called.user.get(second.location);
    t.is(answer.status, 200);
    t.is(answer.headers.get('cache-control'), 'no-store');
    const code = shown(answer.text);
    t.regex(code ?? '', /^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}$/);
    t.is(await shownEvents(at, called), 1);
    // Loaded again, by Back, by the form once more: nobody sees it again, and the browser leads on with it.
    for (const again of [await called.user.get(second.location), await (await press(at, called)).send()]) {
      t.is(again.status, 410);
      t.false(again.text.includes(code ?? ''));
      t.regex(again.text, /<a class="boton boton-principal" href="\/activar">Activar ahora</);
    }
    t.true((await called.user.get('/activar')).text.includes(code ?? ''));
    t.true(await lives(at, called, code));
  });

  test.serial(`${name}, R-53: whose answer is lost gets another in the same browser; the first is dead`, async (t) => {
    const at = await house(t);
    const called = await calledWell(at);
    const first = await look(at, called, { lost: true });
    const dead = shown(first.answer.text);
    t.truthy(dead);
    const before = (await at.parts.enrolments.byId(called.caseId))!;
    const gone = await called.user.get(first.location);
    t.is(gone.status, 410);
    t.regex(gone.text, /<button class="boton boton-principal">Ver otro código</);
    t.true(await lives(at, called, dead), 'looking at that page has changed nothing');
    // This form is pressed twice too.
    const { lost, send } = await press(at, called, { otro: field(gone.text, 'otro') });
    const [dropped, second] = [await send(lost), await send()];
    t.is(dropped.location, second.location);
    t.is((await called.user.get(first.location)).status, 410, 'the old address is not good for the new code');
    const code = shown((await called.user.get(second.location)).text);
    t.truthy(code);
    t.not(code, dead);
    t.false(await lives(at, called, dead));
    t.true(await lives(at, called, code));
    t.is(await shownEvents(at, called), 2);
    const after = (await at.parts.enrolments.byId(called.caseId))!;
    t.is(after.version, before.version + 1);
    t.is(after.lastBy, called.officer.staff.accountId, 'R-54: who may be a second person has not changed');
    const last = (await at.parts.enrolments.history(called.caseId)).at(-1);
    t.like(last, { move: 'replace-code', by: { kind: 'citizen' } });
  });

  test.serial(`${name}, R-53: not more often than it says, and never in another browser`, async (t) => {
    const at = await house(t);
    const called = await calledWell(at);
    const first = await look(at, called, { lost: true });
    let page = (await called.user.get(first.location)).text;
    const stranger = at.visitor();
    await stranger.get(called.here);
    const theirs = await stranger.submit(called.here, { otro: field(page, 'otro') });
    t.is(theirs.status, 410);
    t.regex(theirs.text, /Ábrelo donde/);
    const old = field(page, 'otro');
    for (let n = 0; n < ANOTHER_CODE.most; n++) {
      const { status, location, answer } = await another(at, called, page);
      t.is(status, 303);
      t.truthy(shown(answer.text), `another, ${n}`);
      page = (await called.user.get(location)).text;
    }
    t.is(field(page, 'otro'), '', 'no more');
    const version = (await at.parts.enrolments.byId(called.caseId))!.version;
    for (const otro of [old, String(version)])
      t.is((await (await press(at, called, { otro })).send()).status, 410, otro);
    t.is((await (await press(at, called, { otro: 'x' })).send()).status, 400);
    t.is((await at.parts.enrolments.byId(called.caseId))?.version, version);
  });

  test.serial(`${name}, R-53: an hour after she was identified it takes two people`, async (t) => {
    const at = await house(t);
    const called = await calledWell(at);
    const { answer, location } = await look(at, called, { lost: true });
    const page = (await called.user.get(location)).text;
    t.not(field(page, 'otro'), '');
    const time = theClock();
    const ahead = time.ahead();
    time.set(ahead + ANOTHER_CODE.within / 1000);
    t.teardown(() => time.set(ahead));
    const late = await (await press(at, called, { otro: field(page, 'otro') })).send();
    t.is(late.status, 410);
    t.is(field(late.text, 'otro'), '');
    t.regex(late.text, /href="\/ayuda#oficinas"/);
    t.true(await lives(at, called, shown(answer.text)), 'the first is good as ever');
  });

  test.serial(
    `${name}, R-53, R-56: who was identified in the room’s last minutes has the hour too; nobody else has more`,
    async (t) => {
      const at = await house(t);
      const called = await calledWell(at, undefined, 5 * 60_000);
      const time = theClock();
      const ahead = time.ahead();
      t.teardown(() => time.set(ahead));
      const { closesAt } = (await at.parts.rooms.byCase(called.caseId))!;
      // The room is over, and the broom has passed.
      time.set(ahead + 10 * 60);
      t.true(closesAt < at.parts.clock());
      await at.parts.rooms.sweep(at.parts.clock());
      t.is((await called.user.get(`${called.here}/prueba`)).status, 410);
      const comer = { caseId: called.caseId, side: 'citizen', device: called.device, link: 'again' } as const;
      t.false(await at.parts.rooms.enter({ ...comer, now: at.parts.clock() }), 'nobody comes into it');
      const first = await look(at, called, { lost: true });
      t.truthy(shown(first.answer.text));
      const page = (await called.user.get(first.location)).text;
      const stranger = at.visitor();
      await stranger.get(called.here);
      const theirs = await stranger.submit(called.here, { otro: field(page, 'otro') });
      t.is(theirs.status, 410);
      t.regex(theirs.text, /Ábrelo donde/);
      const next = await another(at, called, page);
      t.true(await lives(at, called, shown(next.answer.text)));
      time.set(ahead + ANOTHER_CODE.within / 1000);
      t.is((await called.user.get(called.here)).status, 410);
      await at.parts.rooms.sweep(closesAt + ANOTHER_CODE.within);
      t.is((await called.user.get(called.here)).status, 404);
    },
  );

  test.serial(`${name}, R-53, R-57: for who had an account the other code brings what the first did`, async (t) => {
    const at = await house(t);
    const called = await calledWell(at, MARIA_RUN);
    const { answer, location } = await look(at, called, { lost: true });
    const about = { purpose: 'activation', binding: called.run, claimant: 'tester' } as const;
    t.true(await lives(at, called, shown(answer.text)));
    const first = await at.parts.codes.details(about);
    const next = await another(at, called, (await called.user.get(location)).text);
    t.true(await lives(at, called, shown(next.answer.text)));
    t.like(first, { identified: 'video', email: `${called.caseId}@correo.example`, names: ['Pedro', 'Antonio'] });
    t.deepEqual(await at.parts.codes.details(about), first);
  });

  test.serial(`${name}, R-26: when a person had too many codes the last stays good`, async (t) => {
    const at = await house(t);
    const called = await calledWell(at);
    const { location } = await look(at, called, { lost: true });
    const page = (await called.user.get(location)).text;
    let code = '';
    for (let n = 1; n < ACTIVATION_CODE.perHour; n++) {
      const issued = await issueActivationCode(at.parts, { run: called.run, by: 'print' });
      code = issued.kind === 'issued' ? issued.code : '';
    }
    const before = (await at.parts.enrolments.byId(called.caseId))?.version;
    t.is((await (await press(at, called, { otro: field(page, 'otro') })).send()).status, 410);
    t.is((await at.parts.enrolments.byId(called.caseId))?.version, before);
    t.true(await lives(at, called, code));
  });
}

test.serial(
  'RACE(20): R-48, R-53: of twenty presses at once one makes another code; all find it waiting',
  async (t) => {
    const app = await serve();
    t.teardown(app.close);
    const called = await calledWell(app);
    await look(app, called, { lost: true });
    const { version } = (await app.parts.enrolments.byId(called.caseId))!;
    const passer = {
      device: called.device,
      deviceName: 'Chrome',
      network: 'n',
      source: 's',
      requestId: 'r',
      lang: 'es',
    };
    const all = await Promise.all(
      Array.from({ length: 20 }, () => replaceCode(app.parts, passer, { caseId: called.caseId, version })),
    );
    t.deepEqual(new Set(all.map((one) => JSON.stringify(one))).size, 1);
    t.like(all[0], { kind: 'waits', version: version + 1 });
    const moves = await app.parts.enrolments.history(called.caseId);
    t.is(moves.filter(({ move }) => move === 'replace-code').length, 1);
  },
);

test.serial('R-17, R-53: her other code is told to the account’s and to the case’s confirmed addresses', async (t) => {
  const house = await serveMemory();
  t.teardown(house.close);
  const called = await calledWell(house, MARIA_RUN);
  const { location } = await look(house, called, { lost: true });
  const letters = () => [...house.parts.tables.outbox.values()];
  const before = letters().length;
  await another(house, called, (await called.user.get(location)).text);
  t.deepEqual(
    letters()
      .slice(before)
      .map((one) => 'event' in one && one.event),
    ['code-replaced', 'replaced'],
  );
});
