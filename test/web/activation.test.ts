import { randomUUID } from 'node:crypto';
import test from 'ava';
import { EMPTY_SHEET } from '../../src/domain/checklist.ts';
import { activationCodeFrom } from '../../src/domain/code.ts';
import { parseRun } from '../../src/domain/run.ts';
import { activate } from '../../src/flows/activation-end.ts';
import { issueActivationCode } from '../../src/flows/issue-code.ts';
import { codeOf, choose, letterOf, mainButton, NEW_CLAVE, officersCode, PEDRO } from '../support/flow.ts';
import { inLine, OFFICER } from '../support/desk.ts';
import { MUNICIPIO, provider } from '../support/rp.ts';
import { authorizeUrl } from '../support/requests.ts';
import { serveMemory } from '../support/serve-memory.ts';

const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const serving = () => serveMemory({ env: { TRUSTED_PROXIES: '127.0.0.1' } });
type House = Awaited<ReturnType<typeof serving>>;

/** RUN and the officer's code. */
const begin = async (user: House['user'], codigo: string, more: Record<string, string> = {}) =>
  user.submit('/activar?nuevo', { run: PEDRO, codigo, ...more });

test.serial(
  'with a link, out of a site’s sign-in page: two codes, her name, a ClaveÚnica, and back to the site (R-10, R-18)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const code = await officersCode(house.parts);
    const user = house.visitor();
    const { location: page } = await user.get(authorizeUrl(house.origin, { state: 'un-estado' }));
    const [, way = ''] = /href="(\/ingresar\/[^"]+\/ir\/activar)"/.exec((await user.get(page)).text) ?? [];
    t.is((await user.get(way)).location, '/activar');

    for (let n = 0; n < 5; n++) {
      const opened = await user.get(`/activar?codigo=${code}`, { 'sec-purpose': 'prefetch' });
      t.deepEqual([opened.status, opened.location], [303, '/activar?nuevo']);
      t.is(opened.headers.get('referrer-policy'), 'no-referrer');
      t.false(opened.headers.getSetCookie().some((cookie) => cookie.includes(code)));
    }
    const start = await user.get('/activar?nuevo');
    t.true(start.text.includes(`value="${code}"`));
    t.regex(start.text, /El código de tu enlace ya está puesto/);
    const begun = await user.post('/activar', { csrf: csrfOf(start.text), run: '222222222', codigo: code });
    t.deepEqual([begun.status, begun.location], [303, '/activar/confirmar']);
    const letter = letterOf(house.parts, 'confirmation-code');
    t.deepEqual(letter?.to, { channel: 'email', address: 'pedro.soto@correo.example' });
    t.is((await user.get('/activar/clave')).location, '/activar/confirmar', 'the officer’s code alone is not enough');
    t.is((await user.get('/activar')).location, '/activar/confirmar', 'who closed the tab goes on there');
    const confirm = await user.get('/activar/confirmar');
    t.regex(confirm.text, /p•••@correo\.example/);
    for (const secret of ['pedro.soto', 'Pedro', code]) t.false(confirm.text.includes(secret));
    t.is((await user.submit('/activar/confirmar', { confirmacion: 'WRNGC0DE' })).status, 422);
    const confirmacion = codeOf(house.parts, 'confirmation-code');
    t.is((await user.submit('/activar/confirmar', { confirmacion })).location, '/activar/clave');

    const clave = await user.get('/activar/clave');
    t.regex(clave.text, /Hola, Pedro Antonio Soto Vidal/);
    t.regex((await choose(user, '/activar/clave', 'Pedro Soto Vidal')).text, /Está hecha de tus datos/);
    t.is((await choose(user, '/activar/clave', NEW_CLAVE)).location, '/activar/listo');
    t.is(letterOf(house.parts, 'notice')?.event, 'activated');
    const done = await user.get('/activar/listo');
    t.regex(done.text, /href="\/cuenta\/factores"/);
    const { href, label } = mainButton(done.text);
    t.is(label, 'Volver a Municipalidad de Los Robles');
    t.is((await user.get(href)).location, page);
    const { location: resume } = await user.submit(page, { run: PEDRO, password: NEW_CLAVE });
    t.truthy(new URL((await user.get(resume)).location).searchParams.get('code'));
    const account = (await house.parts.accounts.forLogin(PEDRO))?.account;
    t.like(account, { status: 'active', person: { emailVerified: true } });
  },
);

test.serial(
  'a code that is wrong, mistyped, expired, used, somebody else’s or for nobody: one and the same answer (R-09, R-15)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const { parts } = house;
    const code = await officersCode(parts);
    const last = code.slice(-1) === '0' ? '1' : '0';
    const other = '9BCDEFGHJKMNPQ';
    const plain = (text: string, ...typed: string[]) =>
      typed
        .reduce((left, each) => left.replaceAll(each, ''), text)
        .replace(/name="csrf" value="[^"]*"/g, '')
        .replace(/nonce="[^"]*"/g, '');
    const answerTo = async (run: string, codigo: string) => {
      const answer = await house.visitor().submit('/activar', { run, codigo });
      return { status: answer.status, text: plain(answer.text, run, codigo) };
    };
    const answers = [
      await answerTo('22.222.222-2', code.slice(0, -1) + last),
      await answerTo('22.222.222-2', 'no code'),
      await answerTo('22.222.222-2', other),
      await answerTo('11.111.111-1', code),
      await answerTo('33.333.333-3', code),
    ];
    t.is([...parts.tables.codes.values()].at(-1)?.tried, 0, 'mistyped ones cost no try');
    parts.travel(72 * 3_600_000 + 1000);
    answers.push(await answerTo('22.222.222-2', code));
    t.is(answers[0]?.status, 422);
    t.regex(answers[0]?.text ?? '', /El código no sirve[^]*\/obtener/);
    for (const answer of answers) t.deepEqual(answer, answers[0]);
  },
);

test.serial(
  'who lost the browser begins again a minute later; the other one is then out, and finished is finished (R-12)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const code = await officersCode(house.parts);
    const [lost, user] = [house.visitor(), house.visitor()];
    t.is((await begin(lost, code)).status, 303);
    await lost.submit('/activar/confirmar', { confirmacion: codeOf(house.parts, 'confirmation-code') });
    t.is((await begin(user, code)).status, 422, 'in somebody’s hands');
    house.parts.travel(61_000);
    t.is((await begin(user, code)).status, 303);
    await user.submit('/activar/confirmar', { confirmacion: codeOf(house.parts, 'confirmation-code') });
    const late = await choose(lost, '/activar/clave', NEW_CLAVE);
    t.is(late.status, 410);
    t.is(mainButton(late.text).href, '/activar?nuevo');
    t.is((await choose(user, '/activar/clave', NEW_CLAVE)).location, '/activar/listo');
    house.parts.travel(61_000);
    t.is((await begin(house.visitor(), code)).status, 422);
  },
);

test.serial(
  'the code of another activation confirms nothing; five wrong ones end it, and another can be sent (R-10)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const user = house.visitor();
    await begin(user, await officersCode(house.parts));
    const first = codeOf(house.parts, 'confirmation-code');
    for (let n = 0; n < 5; n++)
      t.is((await user.submit('/activar/confirmar', { confirmacion: `WRNGC0D${n}` })).status, 422);
    t.is((await user.submit('/activar/confirmar', { confirmacion: first })).status, 422);
    const again = await user.submit('/activar/confirmar', { canal: 'email' });
    t.is(again.location, '/activar/confirmar?enviado');
    t.is((await user.submit('/activar/confirmar', { canal: 'sms' })).status, 410, 'a telephone that she does not have');
    const second = codeOf(house.parts, 'confirmation-code');
    t.not(first, second);
    t.is((await user.submit('/activar/confirmar', { confirmacion: second })).location, '/activar/clave');
  },
);

test.serial('whose telephone alone is confirmed hears of no letter, and how to confirm a mail', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const accountId = (await house.parts.accounts.forLogin(parseRun('11.111.111-1')!))!.account.id;
  const doneBy = async (channel: 'email' | 'sms') => {
    const user = house.visitor();
    const state = { at: 'done', origin: undefined, shared: false, channel } as const;
    const until = house.parts.clock() + 60_000;
    const id = await house.parts.journeys.begin({ kind: 'activation', state, accountId, until });
    await user.jar.setCookie(`cu_activation=${id}; Path=/`, house.origin);
    return (await user.get('/activar/listo')).text;
  };
  t.regex(await doneBy('email'), /Te enviamos un aviso por correo/);
  const byTelephone = await doneBy('sms');
  t.regex(byTelephone, /Tu ClaveÚnica está activa/);
  t.notRegex(byTelephone, /aviso por correo/);
  t.regex(byTelephone, /No tienes un correo confirmado[^]*href="\/cuenta\/datos"/);
});

test.serial('activation ends every session, journey, code and factor from before (R-57)', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const { parts } = house;
  const { signIn, silently } = provider(house.origin);
  const maria = { run: '11.111.111-1', password: 'boldo-quillay-peumo' };
  const before = house.visitor();
  await signIn(before, MUNICIPIO, maria);
  const account = (await parts.accounts.forLogin(parseRun(maria.run)!))!.account;
  const now = parts.clock();
  const code = activationCodeFrom(Buffer.alloc(13, 9));
  const issue = { accountId: account.id, now, perHour: 5, perDay: 5, lifetime: 72 * 3_600_000 };
  await parts.codes.issue({ purpose: 'activation', binding: account.person.run, code, ...issue });
  await parts.codes.issue({ purpose: 'recovery', binding: 'b', code: '7K2M9QXT', ...issue });
  await parts.factors.addTotp({ accountId: account.id, secret: 'JBSWY3DPEHPK3PXP', step: 1, at: now });
  const user = house.visitor(undefined, '203.0.113.77');
  await user.submit('/activar', { run: maria.run, codigo: code, compartido: '1' });
  const confirmacion = codeOf(parts, 'confirmation-code');
  await user.submit('/activar/confirmar', { confirmacion });
  t.is((await choose(user, '/activar/clave', NEW_CLAVE)).location, '/activar/listo');
  const done = await user.get('/activar/listo');
  t.regex(done.text, /Este equipo no es tuyo/);
  t.false(done.text.includes('/cuenta/factores'), 'no passkey on somebody else’s device');
  t.is((await silently(before, MUNICIPIO)).get('error'), 'login_required');
  t.deepEqual(await parts.factors.of(account.id), []);
  t.is(
    await parts.codes.use({ purpose: 'recovery', binding: 'b', code: '7K2M9QXT', now: parts.clock(), tries: 5 }),
    undefined,
  );
});

test.serial(
  'who lost all factors, or was blocked, is her own again by a code after a new identification (R-10, R-14, R-57)',
  async (t) => {
    const house = await serving();
    t.teardown(house.close);
    const { parts } = house;
    const run = parseRun('12.345.678-5')!;
    const renewal = { identified: 'video', email: 'ana.nueva@correo.example' } as const;
    const refused = await issueActivationCode(parts, { run, by: 'print' });
    t.deepEqual(refused, { kind: 'refused', reason: 'not-waiting' }, 'without one an active account gets none');
    const { account } = (await parts.accounts.forLogin(run))!;
    await parts.accounts.setStatus(account.id, 'blocked', parts.clock());
    const issued = await issueActivationCode(parts, { run, by: 'print', renewal });
    t.is(issued.kind, 'issued');
    const before = (await parts.accounts.byId(account.id))!;
    t.deepEqual(before.person, account.person, 'until the code is used nothing changes');
    t.is(before.status, 'blocked');
    t.is((await parts.factors.of(account.id)).length, 1);

    const user = house.visitor();
    const code = issued.kind === 'issued' ? issued.code : '';
    t.is((await user.submit('/activar', { run, codigo: code })).location, '/activar/confirmar');
    const sent = letterOf(parts, 'confirmation-code');
    t.deepEqual(sent?.to, { channel: 'email', address: renewal.email }, 'to the address of the new identification');
    t.regex((await user.get('/activar/confirmar')).text, /a•••@correo\.example/);
    await user.submit('/activar/confirmar', { confirmacion: sent?.code ?? '' });
    t.regex((await user.get('/activar/clave')).text, /Ana Luisa/);
    t.is((await choose(user, '/activar/clave', NEW_CLAVE)).location, '/activar/listo');
    const after = (await parts.accounts.byId(account.id))!;
    t.is(after.status, 'active');
    t.is(after.identified, 'video', 'the level is that of the identification in force (R-52)');
    t.like(after.person, { email: renewal.email, emailVerified: true, names: account.person.names });
    t.is(after.person.phone, undefined);
    t.deepEqual(await parts.factors.of(account.id), []);
    const told = [...parts.tables.outbox.values()].flatMap((letter) =>
      letter.letter === 'notice' && letter.event === 'activated' ? [letter.to] : [],
    );
    t.deepEqual(told.sort(), [renewal.email, account.person.email].sort(), 'the old address is told too');
    await parts.accounts.setStatus(account.id, 'deceased', parts.clock());
    t.is((await issueActivationCode(parts, { run, by: 'print', renewal })).kind, 'refused');
  },
);

test.serial('R-20: an account that is blocked while its first activation is under way stays blocked', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const { parts } = house;
  const user = house.visitor();
  await begin(user, await officersCode(parts));
  await user.submit('/activar/confirmar', { confirmacion: codeOf(parts, 'confirmation-code') });
  const { account } = (await parts.accounts.forLogin(PEDRO))!;
  const csrf = csrfOf((await user.get('/activar/clave')).text);
  // An officer is quicker than the last page, and then quicker than the last statement.
  const blocking = { ...parts, hasher: { ...parts.hasher, hash: block } };
  async function block(password: string) {
    await parts.accounts.setStatus(account.id, 'blocked', parts.clock());
    return parts.hasher.hash(password);
  }
  const id = /cu_activation=([^;]+)/.exec(await user.jar.getCookieString(house.origin))?.[1];
  const passer = { device: 'd', deviceName: 'x', network: 'n', source: 's', requestId: 'r', lang: 'es' };
  const late = await activate(blocking, passer, { id, password: NEW_CLAVE, again: NEW_CLAVE });
  t.is(late.kind, 'gone');
  t.is((await parts.accounts.byId(account.id))?.status, 'blocked');
  t.is((await user.post('/activar/clave', { csrf, password: NEW_CLAVE, password2: NEW_CLAVE })).status, 410);
  t.is((await parts.accounts.byId(account.id))?.status, 'blocked');
});

test.serial(
  'R-57: activation ends every earlier case of that RUN; what is held stays for the supervisor',
  async (t) => {
    const house = await serving();
    const { parts } = house;
    const code = await officersCode(parts);
    const officer = (await parts.accounts.forLogin(OFFICER))!.account.id;
    const by = { kind: 'officer', id: officer } as const;
    const run = PEDRO;
    const ask = async (name: string) =>
      (await parts.enrolments.byId(await inLine(parts, { run, email: `${name}@correo.example` })))!;
    const at = parts.clock();
    const [confirmed, inHand, held, issued] = [await ask('a'), await ask('b'), await ask('c'), await ask('d')];
    const start = { move: 'start-at-desk', by, at, set: { officer } } as const;
    await parts.enrolments.move(inHand, start);
    const evidence = { id: inHand.id, caseId: inHand.id, session: 1, channel: 'office', office: 'o', officer } as const;
    const work = { sheet: EMPTY_SHEET, exceptions: [] };
    await parts.evidence.open({ ...evidence, drawn: [], startedAt: at, work });
    await parts.enrolments.move((await parts.enrolments.move(held, start))!, { move: 'hold', by, at });
    const known = await parts.enrolments.move((await parts.enrolments.move(issued, start))!, {
      move: 'identify',
      by,
      at,
    });
    await parts.enrolments.move(known!, { move: 'issue-code', by, at });
    const other = await inLine(parts, { run: OFFICER, email: 'd@correo.example' });
    const requested = { request: confirmed.request, network: 'n', createdAt: at, expiresAt: at + 1e9 };
    await parts.enrolments.add({ id: randomUUID(), token: randomUUID(), ...requested });

    await begin(house.user, code);
    await house.user.submit('/activar/confirmar', { confirmacion: codeOf(parts, 'confirmation-code') });
    t.is((await choose(house.user, '/activar/clave', NEW_CLAVE)).location, '/activar/listo');
    const stages = (await parts.enrolments.ofRun(run)).map(({ stage }) => stage).sort();
    t.deepEqual(stages, ['activated', 'expired', 'expired', 'expired', 'held']);
    t.is((await parts.enrolments.byId(other))?.stage, 'contact-confirmed', 'of somebody else');
    t.is((await parts.evidence.byId(inHand.id))?.result, 'broken-off', 'the officer is free');
    t.false(parts.tables.walkIns.has(confirmed.id));
    await house.close();
  },
);

test.serial('from fourteen years on, on the day itself', async (t) => {
  const house = await serving();
  t.teardown(house.close);
  const { parts } = house;
  const code = await officersCode(parts);
  const [id, row] = [...parts.tables.accounts].find(([, each]) => each.account.person.run === PEDRO)!;
  const born = (birthdate: string) =>
    parts.tables.accounts.set(id, {
      ...row,
      account: { ...row.account, person: { ...row.account.person, birthdate } },
    });
  const today = new Date(parts.clock() - 4 * 3_600_000);
  const year = today.getUTCFullYear() - 14;
  const on = (days: number) => new Date(Date.UTC(year, today.getUTCMonth(), today.getUTCDate() + days)).toISOString();
  born(on(2).slice(0, 10));
  const young = await begin(house.visitor(), code);
  t.is(young.status, 422);
  t.regex(young.text, /cuando cumplas 14 años/);
  born(on(-1).slice(0, 10));
  parts.travel(61_000);
  t.is((await begin(house.visitor(), code)).status, 303);
});
