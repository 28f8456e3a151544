import test from 'ava';
import { ATTEMPT_FAULTS, attemptsIn, type KeptStep, type SiteStep } from '../../src/domain/site-attempt.ts';
import { askedIn, judged, masked, maskedUri, type Sighting } from '../../src/domain/site-sighting.ts';
import { nearestUri, uriDifference, uriPieces, type UriPiece } from '../../src/domain/uri-difference.ts';
import type { Client } from '../../src/domain/client.ts';
import { LANGS, words } from '../../views/words.ts';

const REGISTERED = 'https://muni.example/vuelta?de=clave';
const differs = (sent: string, registered = REGISTERED) => uriDifference(sent, registered).join(' ');

test('two addresses differ in named parts', (t) => {
  t.is(differs(REGISTERED), '');
  t.is(differs('http://muni.example/vuelta?de=clave'), 'scheme');
  t.is(differs('https://www.muni.example/vuelta?de=clave'), 'host');
  t.is(differs('https://muni.example:8443/vuelta?de=clave'), 'port');
  t.is(differs('https://muni.example/otra?de=clave'), 'path');
  t.is(differs('https://muni.example/vuelta/?de=clave'), 'slash');
  t.is(differs('https://muni.example/Vuelta?de=clave'), 'case');
  t.is(differs('https://muni.example/vuelta'), 'query');
  t.is(differs('https://muni.example/vuelta?de=clave#x'), 'fragment');
  t.is(differs('https://yo@muni.example/vuelta?de=clave'), 'user');
  t.is(differs('https://muni.example/%76uelta?de=clave'), 'encoding');
  t.is(differs(encodeURIComponent(REGISTERED)), 'encoding');
  t.is(differs('http://localhost:9000/vuelta?de=clave'), 'scheme host port');
  t.is(differs('https://muni.example', 'https://muni.example/'), 'slash');
  t.is(differs('vuelta'), 'unreadable');
  t.is(differs('%E0%A4%A', '%E0%A4%A'), '');
});

test('the nearest of the registered ones is that with a slip, not that of another server', (t) => {
  const registered = ['https://otra.example/vuelta', 'https://muni.example/vuelta/', 'https://muni.example/salida'];
  t.is(nearestUri('https://muni.example/vuelta', registered), registered[1]);
  t.is(nearestUri('https://muni.example/vuelta', []), undefined);
  const marks = (sent: string, registered: string) => {
    const text = (pieces: readonly UriPiece[]) =>
      pieces.map((one) => (one.differs ? `[${one.text}]` : one.text)).join('');
    const pieces = uriPieces(sent, registered);
    return [text(pieces.sent), text(pieces.registered)];
  };
  t.deepEqual(marks('https://muni.example/a', 'https://muni.example/a/'), [
    ...['https://muni.example/a', 'https://muni.example/a[/]'],
  ]);
  t.deepEqual(marks('http://www.a.example:80/x?y', 'https://a.example/X?y'), [
    ...['http://[www.]a.example[:80]/[x]?y', 'http[s]://a.example/[X]?y'],
  ]);
  t.deepEqual(marks('a-b', 'a-c'), ['a-[b]', 'a-[c]']);
});

test('R-74: what a site sends is cut, and neither RUNs, mail nor what looks like a token stays', (t) => {
  for (const text of [
    '12.345.678-5',
    '12345678-K',
    '12345678',
    '56912345678',
    'ana@correo.example',
    'x'.repeat(9) + 'A'.repeat(40),
  ])
    t.is(masked(`a ${text} b`), 'a … b', text);
  t.is(masked('post_logout_redirect_uri not registered'), 'post_logout_redirect_uri not registered');
  t.is(masked('línea\r\n\u001b[31mroja\u0000'), 'línea [31mroja ');
  t.is(masked('a\u202eb 12.345\u200b.678-5'), 'ab …');
  t.is(masked('a '.repeat(4000)).length, 300);
  t.true(masked('\ud800').isWellFormed());
});

test('R-74: of an address that is not registered the values stay away, its shape stays', (t) => {
  const kept = (uri: string) => maskedUri(uri, [REGISTERED]);
  t.is(kept(REGISTERED), REGISTERED);
  t.is(kept('https://muni.example/vuelta?de=clave&rut=Ana'), 'https://muni.example/vuelta?de=clave&rut=…');
  t.is(kept('https://ana:clave@muni.example:8443/12345678-5#secreto'), 'https://…@muni.example:8443/…#…');
  t.is(kept('http://127.0.0.1:9000/cb'), 'http://127.0.0.1:9000/cb');
  t.is(kept(encodeURIComponent('https://muni.example/?run=1-9')), 'https%3A%2F%2Fmuni.example%2F%3Frun%3D…');
});

const CLIENT: Client = {
  ...{ id: 'muni', name: 'Muni', institution: 'Muni', profile: 'claveunica', state: 'sandbox', sector: 'muni' },
  ...{ secrets: [], auth: 'client_secret_basic', scopes: ['openid', 'run'], redirectUris: [REGISTERED] },
  postLogoutRedirectUris: [],
};
const seen = (params: Readonly<Record<string, unknown>>, more: Partial<Sighting> = {}): Sighting => ({
  ...{ at: 0, kind: 'authorize', outcome: 'page', clientId: 'muni', ids: [], method: 'GET', contentType: '' },
  ...{ asked: askedIn(params), auth: undefined, isOldSecret: false, ...more },
});

test('what goes on is judged too: state, nonce, scopes', (t) => {
  const faults = (params: object, client: Partial<Client> = {}) =>
    judged(seen({ ...params }), { ...CLIENT, ...client }).faults.join(' ');
  t.is(faults({ scope: 'openid run' }), 'missing-state');
  t.is(faults({ scope: 'openid run', state: '' }), 'short-state');
  t.is(faults({ scope: 'openid run', state: '1234567' }), 'short-state');
  t.is(faults({ scope: 'openid run', state: '12345678' }), '');
  t.is(faults({ scope: 'openid run salud', state: '12345678' }), 'unknown-scope');
  t.is(faults({ scope: 'openid' }, { profile: 'oidc' }), 'missing-nonce');
  t.is(faults({ scope: 'openid offline_access', nonce: 'n' }, { profile: 'oidc' }), '');
  t.deepEqual(judged(seen({ scope: 'openid 12345678-5', state: '12345678' }), CLIENT).dropped, ['…']);
  t.deepEqual(judged(seen({ state: 'x', '12345678-5': 'x', nonce: 1 }), CLIENT).sent, ['state', 'nonce']);
});

const step = (more: Partial<SiteStep>): SiteStep => ({
  ...{ kind: 'authorize', outcome: 'page', faults: [], method: 'GET', sent: [] },
  ...more,
});
const kept = (id: number, links: readonly string[], more: Partial<SiteStep> = {}): KeptStep => ({
  ...{ id: String(id), at: id * 1000, links, step: step(more) },
});

test('steps that share a link are one attempt, however late that shows; the newest is first', (t) => {
  const attempts = attemptsIn([
    kept(9, ['token'], { kind: 'userinfo', outcome: 'done' }),
    kept(1, ['uid']),
    kept(3, [], { kind: 'logout', outcome: 'done' }),
    kept(4, ['uid', 'code'], { kind: 'return', outcome: 'code' }),
    kept(8, ['code', 'token'], { kind: 'token', outcome: 'done' }),
    kept(10, ['other']),
  ]);
  t.deepEqual(
    attempts.map(({ id, state, steps }) => [id, state, steps.map(({ kind }) => kind).join(' ')]),
    [
      ['10', 'open', 'authorize'],
      ['1', 'done', 'authorize return token userinfo'],
      ['3', 'done', 'logout'],
    ],
  );
  t.is(attemptsIn(Array.from({ length: 70 }, (_, at) => kept(at, []))).length, 50);
});

test('a code that is not known was one that has expired, where it was given more than a minute ago', (t) => {
  const given = kept(1, ['code'], { kind: 'return', outcome: 'code' });
  const faultAfter = (seconds: number) =>
    attemptsIn([given, kept(1 + seconds, ['code'], { kind: 'token', outcome: 'error', faults: ['code-unknown'] })])[0]
      ?.faults;
  t.deepEqual(faultAfter(59), ['code-unknown']);
  t.deepEqual(faultAfter(60), ['code-expired']);
});

test('an address of the exchange is compared with that of the authorization', (t) => {
  const redirectUri = { sent: 'https://muni.example/a', differs: [] };
  const [attempt] = attemptsIn([
    kept(1, ['code'], { outcome: 'code', redirectUri }),
    kept(2, ['code'], {
      ...{ kind: 'token', outcome: 'error', faults: ['redirect-uri-differs'] },
      redirectUri: { sent: 'https://muni.example/a/', differs: [] },
    }),
  ]);
  t.like(attempt?.steps[1]?.redirectUri, { registered: 'https://muni.example/a', differs: ['slash'] });
});

test('each fault has words, and another fix than any other, in every language', (t) => {
  for (const lang of LANGS) {
    const { faults } = words(lang).doctor;
    t.deepEqual(Object.keys(faults).toSorted(), ATTEMPT_FAULTS.toSorted());
    t.is(new Set(ATTEMPT_FAULTS.map((fault) => faults[fault].is)).size, ATTEMPT_FAULTS.length);
    t.is(new Set(ATTEMPT_FAULTS.map((fault) => faults[fault].mend)).size, ATTEMPT_FAULTS.length);
  }
});
