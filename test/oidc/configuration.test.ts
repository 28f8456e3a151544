import test from 'ava';
import { SESSION_CLAIM } from '../../src/domain/account-session.ts';
import { readConfig } from '../../src/config.ts';
import { createConfiguration, type Needs } from '../../src/oidc/configuration.ts';
import { prepareKeys } from '../../src/oidc/keys.ts';
import { createProvider } from '../../src/oidc/provider.ts';
import { loadAssets } from '../../src/web/kit/assets.ts';
import { oidcPages } from '../../src/web/oidc-pages.ts';
import { MUNICIPIO, register, REGISTRO } from '../support/rp.ts';
import { serve } from '../support/serve.ts';

const app = await serve();
const pages = oidcPages({ config: app.config, parts: app.parts, assets: loadAssets() });
const needs: Needs = { ...app.parts, ...(await prepareKeys(app.parts)), pages };
const configuration = createConfiguration(app.config, needs);
const path: string = import.meta.resolve('../../node_modules/oidc-provider/lib/helpers/defaults.js');
const { default: defaults } = (await import(path)) as { default: () => Tree };
test.after.always(() => app.close());

const op = createProvider(app.config, needs);
const findClient = async (id: string) => (await op.Client.find(id))!;

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
/** Calls one of the configuration's functions with only as much as it looks at. */
const ask = (callback: unknown, ...args: unknown[]): unknown =>
  Reflect.apply(callback as (...args: unknown[]) => unknown, undefined, args);

test('no key is unknown to the library, which would pass over it in silence', (t) => {
  // Names of ours, and options of Koa's cookies.
  const free = new Set(['claims', 'discovery', 'extraParams', 'long', 'short']);
  const unknown = (ours: Tree, known: Tree, place = ''): string[] =>
    Object.entries(ours).flatMap(([name, value]) => {
      if (!(name in known)) return [`${place}${name}`];
      const below = known[name];
      return isTree(value) && isTree(below) && !free.has(name) ? unknown(value, below, `${place}${name}.`) : [];
    });
  t.deepEqual(unknown({ ...configuration }, defaults()), []);
  t.deepEqual(unknown({ claims: {}, noSuchThing: 1, features: { devInteractionz: {} } }, defaults()), [
    'noSuchThing',
    'features.devInteractionz',
  ]);
});

test('R-35: one response type, addresses that must be given, every route by its name', (t) => {
  t.deepEqual(configuration.responseTypes, ['code']);
  t.is(configuration.allowOmittingSingleRegisteredRedirectUri, false);
  t.is(configuration.enableHttpPostMethods, false);
  t.deepEqual(configuration.routes, {
    authorization: '/authorize',
    backchannel_authentication: '/backchannel',
    code_verification: '/device',
    device_authorization: '/device/auth',
    end_session: '/session/end',
    introspection: '/token/introspection',
    jwks: '/jwks',
    pushed_authorization_request: '/request',
    registration: '/register',
    revocation: '/token/revocation',
    token: '/token',
    userinfo: '/userinfo',
  });
  t.deepEqual(configuration.discovery, {});
});

test('R-35: what is switched on is a list, and one experiment is in it, by its version', (t) => {
  const { features = {} } = configuration;
  const on = Object.entries(features).filter(([, feature]) => isTree(feature) && feature['enabled'] === true);
  t.deepEqual(on.map(([name]) => name).sort(), [
    ...['backchannelLogout', 'claimsParameter', 'dPoP', 'encryption', 'externalSigningSupport', 'fapi'],
    ...['introspection', 'jwtResponseModes'],
    ...['jwtUserinfo', 'pushedAuthorizationRequests', 'registration', 'registrationManagement', 'requestObjects'],
    'revocation',
    'rpInitiatedLogout',
    'userinfo',
  ]);
  t.false(features.devInteractions?.enabled);
  const acknowledged = Object.entries(features).filter(([, feature]) => isTree(feature) && 'ack' in feature);
  t.deepEqual(acknowledged, [['externalSigningSupport', { enabled: true, ack: 'experimental-01' }]]);
});

test('R-35: clients get their answers by query or form_post, and all are pairwise and confidential', async (t) => {
  for (const id of [MUNICIPIO.id, REGISTRO.id]) {
    const client = await findClient(id);
    t.deepEqual(client['responseModes'], ['query', 'form_post']);
    t.deepEqual(client.responseTypes, ['code']);
    t.deepEqual(client.grantTypes, ['authorization_code']);
    t.is(client['subjectType'], 'pairwise');
    t.is(client['scope'], undefined);
    t.not(client['clientAuthMethod'], 'none');
  }
  t.deepEqual(configuration.subjectTypes, ['pairwise']);
});

test('R-39: no client may ask about or revoke another one’s token', async (t) => {
  const [own, other] = [await findClient(MUNICIPIO.id), await findClient(REGISTRO.id)];
  const { introspection, revocation } = configuration.features ?? {};
  for (const policy of [introspection?.allowedPolicy, revocation?.allowedPolicy]) {
    t.true(await ask(policy, {}, own, { clientId: MUNICIPIO.id }));
    t.false(await ask(policy, {}, other, { clientId: MUNICIPIO.id }));
  }
});

test('R-88: no origin is let in', async (t) => {
  const client = await findClient(MUNICIPIO.id);
  for (const origin of ['https://evil.example', 'http://localhost:9000', 'null'])
    t.false(ask(configuration.clientBasedCORS, {}, origin, client));
});

test('scopes and claims are those of the contract', (t) => {
  t.deepEqual(configuration.claims?.['openid'], ['sub', 'acr', 'amr', 'auth_time', 'at_hash', SESSION_CLAIM]);
  t.deepEqual(Object.keys(configuration.claims ?? {}).sort(), ['email', 'name', 'openid', 'phone', 'profile', 'run']);
  t.deepEqual([...(configuration.scopes ?? [])].sort(), [
    'email',
    'name',
    'offline_access',
    'openid',
    'phone',
    'profile',
    'run',
  ]);
  t.true(configuration.conformIdTokenClaims);
});

test('R-36: PKCE is required by profile', async (t) => {
  t.true(ask(configuration.pkce?.required, {}, await findClient(MUNICIPIO.id)));
  t.false(ask(configuration.pkce?.required, {}, await findClient(REGISTRO.id)));
});

test('R-85: no list of algorithms has a shared secret or none in it', (t) => {
  const lists = configuration.enabledJWA ?? {};
  const signing = Object.entries(lists).flatMap(([name, values]) => (name.includes('Sign') ? values : []));
  const encrypting = Object.entries(lists).flatMap(([name, values]) => (name.includes('Encr') ? values : []));
  t.is(Object.keys(lists).length, 14);
  for (const algorithm of signing) t.regex(String(algorithm), /^(RS256|PS256|ES256|EdDSA)$/);
  for (const algorithm of encrypting)
    t.regex(String(algorithm), /^(RSA-OAEP-256|ECDH-ES|A(128|256)GCM|A128CBC-HS256)$/);
  t.deepEqual(configuration.clientAuthMethods, ['client_secret_basic', 'client_secret_post', 'private_key_jwt']);
});

test('R-39: a client’s assertion lives five minutes at most', async (t) => {
  const client = await findClient(MUNICIPIO.id);
  const judge = async (claims: Tree) =>
    ask(configuration.assertJwtClientAuthClaimsAndHeader, {}, claims, { alg: 'RS256' }, client);
  const now = Math.floor(app.parts.clock() / 1000);
  await t.notThrowsAsync(judge({ iat: now, exp: now + 300 }));
  await t.notThrowsAsync(judge({ exp: now + 290 }));
  for (const claims of [{ iat: now, exp: now + 301 }, { nbf: now, exp: now + 301 }, { exp: now + 310 }, { iat: now }])
    await t.throwsAsync(judge(claims), { message: 'invalid_client' }, JSON.stringify(claims));
});

test('R-42: what is fetched has an end', (t) => {
  t.deepEqual(configuration.fetchResponseBodyLimits, { jwks_uri: 65536, sector_identifier_uri: 65536 });
});

test('R-37, R-40: every life is set, and is one second at least', async (t) => {
  const { ttl = {} } = configuration;
  t.deepEqual(Object.keys(ttl).sort(), [
    'AccessToken',
    ...['AuthorizationCode', 'BackchannelAuthenticationRequest', 'DeviceCode', 'Grant', 'IdToken', 'Interaction'],
    ...['RefreshToken', 'Session'],
  ]);
  const lives = async (id: string) => {
    const client = await findClient(id);
    return Object.fromEntries(
      Object.entries(ttl).map(([name, life]) => [
        name,
        typeof life === 'function' ? ask(life, { oidc: {} }, {}, client) : life,
      ]),
    );
  };
  const asked = { BackchannelAuthenticationRequest: 600, DeviceCode: 600, RefreshToken: 1_209_600 };
  const shared = { AuthorizationCode: 60, Grant: 86400, Interaction: 3600, Session: 28800, ...asked };
  t.deepEqual(await lives(MUNICIPIO.id), { ...shared, AccessToken: 300, IdToken: 300 });
  t.deepEqual(await lives(REGISTRO.id), { ...shared, AccessToken: 3600, IdToken: 600 });
});

test('R-29: a session that is over keeps what is left of its life, one second at least', (t) => {
  const now = Math.floor(app.parts.clock() / 1000);
  const life = (loginTs: number, exp: number, result?: object) =>
    ask(configuration.ttl?.Session, { oidc: { result } }, { loginTs, exp });
  const near = (value: unknown, wanted: number) => Math.abs(Number(value) - wanted) <= 5;
  t.is(life(now - 60, now + 28800 - 60), 28800);
  t.true(near(life(now - 3600, now + 28800 - 3600), 28800 - 3600));
  t.is(life(now - 40000, now - 10), 1);
  t.is(life(now - 3600, now + 28800 - 3600, { login: {} }), 28800);
});

test('R-31: tokens die with their session, all but those that are meant to outlive it', async (t) => {
  const dies = async (scopes: string[]) => ask(configuration.expiresWithSession, {}, { scopes: new Set(scopes) });
  t.true(await dies(['openid', 'email']));
  t.false(await dies(['openid', 'offline_access']));
});

test('R-28: cookies are signed, for us alone, and bear the prefix that only https may have', (t) => {
  const expected = { signed: true, httpOnly: true, sameSite: 'lax' };
  t.deepEqual(configuration.cookies?.long, { ...expected, secure: false });
  t.deepEqual(configuration.cookies?.short, { ...expected, secure: false });
  const config = readConfig({
    MODE: 'production',
    PUBLIC_ORIGIN: 'https://accounts.example.cl',
    DATABASE_URL: app.live.databaseUrl,
    MASTER_KEYS: `real:${'r'.repeat(43)}`,
    SMTP_URL: 'smtp://mail.example.cl',
    MAIL_FROM: 'ClaveÚnica <no-responder@example.cl>',
  });
  const { cookies } = createConfiguration(config, needs);
  t.deepEqual(cookies?.long, { ...expected, secure: true });
  t.deepEqual(cookies?.short, { ...expected, secure: true });
  t.deepEqual(cookies?.names, {
    session: '__Host-session',
    interaction: '__Secure-interaction',
    resume: '__Secure-resume',
  });
});

test('R-82: without its stores and keys there is no provider', (t) => {
  t.throws(() => createProvider(app.config, { ...needs, keys: [] }), { message: 'oidc: keys required' });
  t.throws(() => createProvider(app.config, { ...needs, pairwiseKey: '' }), { message: 'oidc: pairwiseKey required' });
});

test('R-77: `sub` hangs on a sector that was drawn, never on the addresses', async (t) => {
  const wish = { profile: 'oidc', redirectUris: ['https://a.example.cl/cb', 'https://b.example.cl/cb'] } as const;
  const [one, two] = [await register(app.parts, wish), await register(app.parts, wish)];
  const sectors = await Promise.all([one, two].map(async ({ id }) => (await findClient(id))['sectorIdentifier']));
  t.regex(String(sectors[0]), /^[0-9a-f]{32}\.invalid$/);
  t.not(sectors[0], sectors[1]);
});
