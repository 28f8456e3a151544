import test from 'ava';
import { SECRET_PLACE } from '../../src/domain/client.ts';
import { createClient, type NewClient } from '../../src/flows/create-client.ts';
import type { Parts } from '../../src/parts.ts';
import { rpOf } from '../../src/web/requester.ts';
import { memoryParts } from '../support/memory.ts';

const wish: NewClient = {
  ...{ name: 'Municipalidad de Ñuñoa', profile: 'oidc', state: 'draft', redirectUris: ['https://rp.example/cb'] },
};
const created = async (parts: Parts, differing: Partial<NewClient> = {}) => {
  const outcome = await createClient(parts, { ...wish, ...differing }, false);
  if (outcome.kind === 'refused') throw new Error(outcome.faults.join('; '));
  return outcome;
};
const faults = async (parts: Parts, differing: Partial<NewClient>, emulator = false) => {
  const outcome = await createClient(parts, { ...wish, ...differing }, emulator);
  return outcome.kind === 'refused' ? outcome.faults : [];
};

test('a client is added with its event; the secret is told once and kept as an HMAC (R-66)', async (t) => {
  const parts = await memoryParts({ empty: true });
  const { client, secret } = await created(parts);
  t.deepEqual<unknown, unknown>(await parts.clients.byId(client.id), JSON.parse(JSON.stringify(client)));
  t.is(Buffer.from(secret, 'base64url').length, 32);
  t.deepEqual(client.secrets, [{ hash: parts.vault.indexes(secret, SECRET_PLACE)[0].toString('base64url') }]);
  t.false(JSON.stringify([...parts.tables.clients.values()]).includes(secret));
  const [event, ...others] = parts.tables.audit.values();
  t.deepEqual(
    [event?.kind, event?.clientId, event?.details, others],
    ['client-created', client.id, { profile: 'oidc' }, []],
  );
});

test('sector, id and secret are random, and the sector is not that of an address (R-77)', async (t) => {
  const parts = await memoryParts({ empty: true });
  const made = await Promise.all(Array.from({ length: 20 }, () => created(parts)));
  t.is(new Set(made.map(({ client }) => client.sector)).size, 20);
  t.is(new Set(made.map(({ client }) => client.id)).size, 20);
  t.is(new Set(made.map(({ secret }) => secret)).size, 20);
  for (const { client } of made) t.regex(client.sector, /^[0-9a-f]{32}$/);
});

test('each profile has its usual authentication and scopes; what is wished for stands (R-76)', async (t) => {
  const parts = await memoryParts({ empty: true });
  const oidc = (await created(parts)).client;
  t.deepEqual([oidc.auth, oidc.institution], ['client_secret_basic', wish.name]);
  t.deepEqual(oidc.scopes, ['openid', 'run', 'profile', 'email']);
  const legacy = (await created(parts, { profile: 'claveunica' })).client;
  t.deepEqual([legacy.auth, legacy.scopes], ['client_secret_post', ['openid', 'run', 'name', 'email']]);
  const imported = { id: 'as-today', secret: 'as-today-too', auth: 'private_key_jwt', scopes: ['openid'] } as const;
  const jwks = { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] };
  const { client, secret } = await created(parts, { ...imported, jwks, institution: 'Ñuñoa' });
  t.deepEqual(
    [client.id, secret, client.auth, client.scopes],
    ['as-today', 'as-today-too', 'private_key_jwt', ['openid']],
  );
  t.is(client.institution, 'Ñuñoa');
});

test('an id is given once; the second is refused and leaves no event', async (t) => {
  const parts = await memoryParts({ empty: true });
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => createClient(parts, { ...wish, id: 'one' }, false)),
  );
  t.is(outcomes.filter(({ kind }) => kind === 'created').length, 1);
  t.deepEqual(
    outcomes.find(({ kind }) => kind === 'refused'),
    { kind: 'refused', faults: ['id one is taken'] },
  );
  t.is(parts.tables.audit.size, 1);
});

test('all faults are told at once, and nothing is written', async (t) => {
  const parts = await memoryParts({ empty: true });
  const many = Array.from({ length: 11 }, (_, n) => `https://rp.example/${n}`);
  t.deepEqual(await faults(parts, { name: ' ', redirectUris: [], scopes: ['email', 'name'] }), [
    ...[
      'the name is empty',
      'one redirect URI at least is needed',
      'no scope name in this profile',
      'the scope openid is needed',
    ],
  ]);
  t.deepEqual(await faults(parts, { redirectUris: many }), ['ten redirect URIs at most']);
  t.deepEqual(await faults(parts, { profile: 'claveunica', scopes: ['openid', 'profile', 'admin'] }), [
    ...['no scope profile in this profile', 'no scope admin in this profile'],
  ]);
  t.deepEqual([parts.tables.clients.size, parts.tables.audit.size], [0, 0]);
});

test('no address that a browser is sent to, or that we call, escapes the rules (R-68)', async (t) => {
  const parts = await memoryParts({ empty: true });
  for (const bad of [
    'http://rp.example/',
    'javascript:alert(1)',
    'https://rp.example/#f',
    'https://127.0.0.1/',
    'rp',
  ]) {
    const told = [`not acceptable as an address: ${bad}`];
    t.deepEqual(await faults(parts, { redirectUris: ['https://rp.example/cb', bad] }), told);
    t.deepEqual(await faults(parts, { postLogoutRedirectUris: [bad] }), told);
    t.deepEqual(await faults(parts, { homeUri: bad }), told);
    t.deepEqual(await faults(parts, { initiateLoginUri: bad }), told);
    t.deepEqual(await faults(parts, { backchannelLogoutUri: bad }), told);
  }
  t.deepEqual(await faults(parts, { redirectUris: ['http://localhost:9000/cb'] }, true), []);
  t.is((await faults(parts, { redirectUris: ['http://localhost:9000/cb'] })).length, 1);
});

test('a client that can’t be recorded is not made (R-73)', async (t) => {
  const memory = await memoryParts({ empty: true });
  const transaction: Parts['transaction'] = (work) =>
    memory.transaction((tx) => {
      const add = async () => {
        throw new Error('permission denied for table audit');
      };
      return work({ ...tx, audit: { ...tx.audit, add } });
    });
  await t.throwsAsync(createClient({ ...memory, transaction }, wish, false), { message: /permission denied/ });
  t.deepEqual([memory.tables.clients.size, memory.tables.audit.size], [0, 0]);
});

test('R-39: keys are given or fetched, are public, and are there when they are needed', async (t) => {
  const parts = await memoryParts({ empty: true });
  const ec = { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' };
  t.is((await created(parts, { jwksUri: 'https://rp.example/jwks' })).client.auth, 'private_key_jwt');
  t.deepEqual(await faults(parts, { auth: 'private_key_jwt' }), ['its public keys, or where they are, are needed']);
  t.deepEqual(await faults(parts, { jwks: { keys: [] } }), ['there is no public key']);
  t.deepEqual(await faults(parts, { jwks: { keys: [{ ...ec, d: 'd' }] } }), [
    'the keys are private ones; give the public parts',
  ]);
  t.deepEqual(await faults(parts, { jwks: { keys: [ec] }, jwksUri: 'https://rp.example/jwks' }), [
    'public keys are given, or fetched: not both',
  ]);
});

test('R-42, R-68: nowhere of ours is fetched from, nor called', async (t) => {
  const parts = await memoryParts({ empty: true });
  for (const uri of [
    ...[
      'http://rp.example/jwks',
      'https://169.254.169.254/jwks',
      'https://[::ffff:127.0.0.1]/jwks',
      'https://localhost/x',
    ],
    ...['https://user:pass@rp.example/jwks', 'https://rp.example/jwks#x', 'file:///etc/passwd', 'https://127.1/jwks'],
  ]) {
    t.deepEqual(await faults(parts, { jwksUri: uri }), [`not acceptable as an address: ${uri}`]);
    t.deepEqual(await faults(parts, { backchannelLogoutUri: uri }), [`not acceptable as an address: ${uri}`]);
  }
});

test('decision 12: what single sites get is named, recorded, and brings its own metadata and no other', async (t) => {
  const parts = await memoryParts({ empty: true });
  const jwksUri = 'https://rp.example/jwks';
  const { client } = await created(parts, { jwksUri, features: ['fapi', 'jar', 'refresh'] });
  t.deepEqual(client.features, ['fapi', 'jar', 'refresh']);
  t.true(client.scopes.includes('offline_access'));
  t.is([...parts.tables.audit.values()][0]?.details?.['features'], 'fapi jar refresh');
  t.deepEqual(await faults(parts, { metadata: { authorization_signed_response_alg: 'ES256', client_id: 'x' } }), [
    'metadata authorization_signed_response_alg is not known, or needs a feature',
    'metadata client_id is not known, or needs a feature',
  ]);
  t.deepEqual(await faults(parts, { features: ['fapi'], auth: 'client_secret_basic' }), [
    'fapi needs keys or certificates, no secret',
  ]);
  t.deepEqual(await faults(parts, { auth: 'tls_client_auth' }), ['client certificates need the feature mtls']);
  t.deepEqual(await faults(parts, { profile: 'claveunica', features: ['jar'] }), [
    'the profile claveunica has no features',
  ]);
});

test('R-42, R-81, R-89: a logo is a small picture that the page carries; documents and large ones are refused', async (t) => {
  const parts = await memoryParts({ empty: true });
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3);
  const { client } = await created(parts, { logo: png });
  t.is(client.logoUri, `data:image/png;base64,${Buffer.from(png).toString('base64')}`);
  t.is(rpOf(client).logo, client.logoUri);
  const webp = Buffer.from('RIFF....WEBPVP8 ');
  t.true((await created(parts, { logo: webp })).client.logoUri?.startsWith('data:image/webp;'));
  const said = ['the logo is a PNG, JPEG or WebP of 32 KiB at most'];
  for (const logo of [
    ...['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'GIF89a', '', '<script>'].map((text) =>
      Buffer.from(text),
    ),
    Buffer.concat([png, Buffer.alloc(32 * 1024)]),
  ])
    t.deepEqual(await faults(parts, { logo }), said);
  // An address is shown of a client that registered itself, in the sandbox, and of no other.
  t.is(rpOf({ ...client, logoUri: 'https://rp.example/logo.png' }).logo, undefined);
  t.is(
    rpOf({ ...client, logoUri: 'https://rp.example/logo.png', registered: 'x' }).logo,
    'https://rp.example/logo.png',
  );
});
