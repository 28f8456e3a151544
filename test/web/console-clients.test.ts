import test from 'ava';
import { rotated, uriFaults } from '../../src/domain/client-change.ts';
import { parseRun } from '../../src/domain/run.ts';
import { staffBrowser } from '../support/console.ts';
import { serve, theClock } from '../support/serve.ts';
import { migratedDatabase } from '../support/migrated.ts';

const CHIEF = parseRun('9.876.543-3')!;
const SECOND = parseRun('12.345.678-5')!;
const CITIZEN = parseRun('11.111.111-1')!;
const reason = { motivo: 'operations', palabras: 'lo pide la institución' };

const database = await migratedDatabase();
const app = await serve({ database: database.url });
const other = await serve({ database: database.url });
const client = (await app.parts.clients.byId('demo-municipio'))!;
test.after.always(async () => {
  await Promise.all([app.close(), other.close()]);
  await database.drop();
});
const here = `/instituciones/${encodeURIComponent(client.institution)}/clientes/${client.id}`;
const csrfOf = (text: string) => /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? '';
const proposalOf = (text: string) => /action="(\/instituciones\/propuestas\/[^"]+)"/.exec(text)?.[1] ?? '';

test('R-68: addresses are https, exact, ten at most, each once', (t) => {
  const judge = (...redirectUris: string[]) =>
    uriFaults({ redirectUris, postLogoutRedirectUris: [] }, { emulator: false }).map(({ fault }) => fault);
  t.deepEqual(judge('https://a.example/cb'), []);
  t.deepEqual(judge(), ['none']);
  t.deepEqual(judge('https://a.example/cb', 'https://a.example/cb'), ['twice']);
  t.true(judge(...Array.from({ length: 11 }, (_, at) => `https://a.example/${String(at)}`)).includes('too-many'));
  for (const uri of [
    'http://a.example/',
    'https://*.a.example/',
    'https://a.example/#x',
    'https://u@a.example/',
    'https://127.0.0.1/',
    'https://localhost/',
    'javascript:alert(1)',
  ])
    t.deepEqual(judge(uri), ['not-acceptable'], uri);
});

test('R-67: two secrets at most, and an end is only moved forward', (t) => {
  const now = 1_000_000;
  const one = rotated([{ hash: 'a' }], { hash: 'b', now, instead: 'oldest' });
  t.deepEqual(one, [{ hash: 'b' }, { hash: 'a', until: now + 30 * 86_400_000 }]);
  t.deepEqual(
    rotated(one, { hash: 'c', now: now + 5, instead: 'oldest' }).map(({ hash }) => hash),
    ['c', 'b'],
  );
  t.deepEqual(rotated(one, { hash: 'c', now: now + 5, instead: 'newest' }), [{ hash: 'c' }, one[1]]);
  t.deepEqual(rotated([{ hash: 'a', until: now + 7 }], { hash: 'b', now, instead: 'newest' })[1], {
    hash: 'a',
    until: now + 7,
  });
  t.deepEqual(rotated([{ hash: 'a', until: now - 1 }], { hash: 'b', now, instead: 'newest' }), [{ hash: 'b' }]);
});

test.serial(
  'R-63, R-68: an institution sees its own sites alone; other addresses want a second administrator',
  async (t) => {
    const [mine, foreign] = [
      await staffBrowser(app, SECOND, { roles: ['institution'], institution: client.institution }),
      await staffBrowser(app, CITIZEN, { roles: ['institution'], institution: 'Otra' }),
    ];
    const no = await foreign.get(here);
    t.is(no.status, 403);
    t.regex(no.text, /no es de tu función/, 'not a form that could not be checked');
    t.is((await foreign.get('/instituciones/Otra/clientes/demo-municipio')).status, 404);
    t.notRegex((await foreign.get('/instituciones')).text, /demo-municipio/);
    const page = await mine.get(here);
    t.is(page.status, 200);
    t.notRegex(page.text, /\/suspend"/, 'an operator suspends');
    const csrf = csrfOf(page.text);
    const bad = await mine.post(`${here}/uris`, { csrf, retorno: 'https://x.example/*', despues: '', ...reason });
    t.is(bad.status, 422);
    t.regex(bad.text, /<code>https:\/\/x\.example\/\*<\/code>/);
    t.regex(bad.text, />\s*lo pide la institución<\/textarea>/, 'nothing typed is lost');
    const wish = { csrf, retorno: 'https://x.example/cb\r\n', despues: '', ...reason };
    t.is((await mine.post(`${here}/uris`, wish)).status, 303);
    t.is((await mine.post(`${here}/uris`, wish)).status, 422, 'one waits already');
    const action = proposalOf((await mine.get(here)).text);
    t.is(action, '', 'not by who proposed it');
    const chief = await staffBrowser(app, CHIEF);
    const theirs = (await chief.get(here)).text;
    const decide = { csrf: csrfOf(theirs), decision: 'si' };
    t.is(
      (await foreign.post(proposalOf(theirs), { csrf: csrfOf((await foreign.get('/')).text), decision: 'si' })).status,
      403,
    );
    t.deepEqual((await app.parts.clients.byId(client.id))?.redirectUris, client.redirectUris);
    t.is((await chief.post(proposalOf(theirs), decide)).status, 303);
    t.regex((await chief.get(here)).text, /<code>https:\/\/x\.example\/cb<\/code>/, 'who decided sees it at once');
    t.is((await chief.post(proposalOf(theirs), decide)).status, 404, 'once');
    theClock().set(theClock().ahead() + 3);
    t.deepEqual((await other.parts.clients.byId(client.id))?.redirectUris, ['https://x.example/cb']);
  },
);

test.serial(
  'R-69, R-100: two suspend a site; on both instances it is shut out within five seconds, and others are not',
  async (t) => {
    const chief = await staffBrowser(app, CHIEF);
    const second = await staffBrowser(other, SECOND, { roles: ['operator'] });
    t.is((await chief.submit(here, { ...reason }, '/suspend')).status, 303);
    const page = (await second.get(here)).text;
    t.is((await second.post(proposalOf(page), { csrf: csrfOf(page), decision: 'si' })).status, 303);
    theClock().set(theClock().ahead() + 5);
    const ask = (origin: string, id: string, uri: string) =>
      fetch(
        `${origin}/openid/authorize?client_id=${id}&response_type=code&scope=openid&state=s&redirect_uri=${encodeURIComponent(uri)}`,
        { redirect: 'manual' },
      );
    for (const { origin } of [app, other]) {
      const refused = await ask(origin, client.id, 'https://x.example/cb');
      t.is(refused.status, 400);
      t.regex(await refused.text(), /<h1>La institución no está habilitada en ClaveÚnica/, 'a page that says no more');
      const { redirectUris = [] } = (await app.parts.clients.byId('demo-registro')) ?? {};
      t.is((await ask(origin, 'demo-registro', redirectUris[0] ?? '')).status, 303);
    }
  },
);

test.serial('R-68, R-100: two certify a draft; after a suspension a site is what it was before', async (t) => {
  const chief = await staffBrowser(app, CHIEF);
  const second = await staffBrowser(other, SECOND, { roles: ['operator'] });
  const id = 'recien-creado';
  await app.parts.clients.put({ ...client, id, state: 'draft' }, app.parts.clock());
  const room = `/instituciones/${encodeURIComponent(client.institution)}/clientes/${id}`;
  const state = async () => {
    theClock().set(theClock().ahead() + 3);
    return (await app.parts.clients.byId(id))?.state;
  };
  const agreed = async (act: string) => {
    t.is((await chief.submit(room, { ...reason }, `/${act}`)).status, 303, act);
    const page = (await second.get(room)).text;
    t.is((await second.post(proposalOf(page), { csrf: csrfOf(page), decision: 'si' })).status, 303, act);
    return state();
  };
  t.is(await agreed('suspend'), 'suspended');
  t.is((await chief.submit(room, { ...reason }, '/certify')).status, 410, 'not while it is shut out');
  t.is(await agreed('resume'), 'draft');
  t.is(await agreed('certify'), 'certified');
  t.notRegex((await chief.get(room)).text, /\/certify"/);
  t.is(await agreed('suspend'), 'suspended');
  t.is(await agreed('resume'), 'certified');
  const forms = [...(await chief.get(room)).text.matchAll(/action="([^"]+\/clientes\/[^"]+)"/g)].map(
    ([, to = '']) => to,
  );
  t.true(forms.length >= 4);
  for (const to of forms) t.not((await chief.post(to, { csrf: '' })).status, 404, to);
});

test.serial('R-100: our own pages, without which nobody could undo it, are nobody’s to change', async (t) => {
  const chief = await staffBrowser(app, CHIEF);
  const own = { ...client, id: 'consola', institution: 'ClaveÚnica', state: 'certified' } as const;
  await app.parts.clients.put(own, app.parts.clock());
  const room = `/instituciones/${encodeURIComponent(own.institution)}/clientes/${own.id}`;
  const page = await chief.get(room);
  t.is(page.status, 200);
  t.notRegex(page.text, /action="[^"]+\/clientes\//);
  const csrf = csrfOf((await chief.get(here)).text);
  const uris = { retorno: 'https://otro.example/cb', despues: '' };
  for (const act of ['suspend', 'certify', 'resume', 'uris', 'rotate', 'funciones'])
    t.is((await chief.post(`${room}/${act}`, { csrf, ...(act === 'uris' && uris), ...reason })).status, 410, act);
  theClock().set(theClock().ahead() + 3);
  const { state, secrets, redirectUris } = (await app.parts.clients.byId('consola'))!;
  t.deepEqual([state, secrets, redirectUris], ['certified', own.secrets, own.redirectUris]);
});

test.serial('R-66, R-67: another secret is shown once, recorded without it, and the old one gets an end', async (t) => {
  const chief = await staffBrowser(app, CHIEF);
  const shown = await chief.submit(here, { ...reason }, '/rotate');
  t.is(shown.status, 200);
  t.is(shown.headers.get('cache-control'), 'no-store');
  const secret = /client_secret<\/dt>\s*<dd>\s*<code>([^<]{43})<\/code>/.exec(shown.text)?.[1] ?? '';
  t.is(secret.length, 43);
  t.notRegex((await chief.get(here)).text, new RegExp(secret));
  theClock().set(theClock().ahead() + 3);
  const { secrets = [] } = (await app.parts.clients.byId(client.id)) ?? {};
  t.is(secrets.length, 2);
  t.true((secrets[1]?.until ?? 0) > Date.now());
  const [event] = await app.parts.audit.find({
    kind: 'client-secret-rotated',
    from: 0,
    until: Number.MAX_SAFE_INTEGER,
    limit: 1,
  });
  t.is(event?.actorId, chief.accountId);
  t.notRegex(JSON.stringify(event), new RegExp(secret));

  // A page that is loaded again, or pressed twice, ends nothing that the site may be using.
  const again = await chief.submit(here, { ...reason }, '/rotate');
  t.is(again.status, 422);
  t.regex(again.text, /no se creó otro/);
  t.deepEqual((await app.parts.clients.fresh(client.id))?.secrets, secrets);
  const third = await chief.submit(here, { ...reason, reemplaza: 'newest' }, '/rotate');
  t.is(third.status, 200);
  const left = (await app.parts.clients.fresh(client.id))?.secrets ?? [];
  t.deepEqual(left[1], secrets[1], 'the one that was in use goes on');
  t.not(left[0]?.hash, secrets[0]?.hash);
});
