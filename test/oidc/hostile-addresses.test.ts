import dns from 'node:dns';
import { request as httpRequest } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import test from 'ava';
import { siteFetch, type Sites } from '../../src/gateways/sites.ts';
import { createClient } from '../../src/flows/create-client.ts';
import { tellLogout } from '../../src/oidc/end-session.ts';
import { call, encoded, MARIA, post } from '../support/rp.ts';
import { serveMemory } from '../support/serve-memory.ts';
import { until } from '../support/until.ts';
import { fapiSite, keysOf, now } from '../support/suite/fapi.ts';
import { asked, browse, CALLBACK, pathOf, random, relyingParty } from '../support/suite/rp.ts';
import { REBOUND, serveSuite, site } from '../support/suite/serve.ts';

const BANNER = 'clave de la base: hunter2';
/** With what never comes, or drips; a drip ends before the library itself would lose its patience. */
const PATIENCE = 800;
/** With the rest, whatever else the machine has to do. */
const TIME_ENOUGH = 60_000;
const [keys, dpop, ciba] = [await keysOf('ES256'), await keysOf('ES256'), await keysOf('PS256')];

/** What stands at an address, as it should be; without our bounds each of the moods would be as good. */
const documents = new Map<string, string>([
  ['jwks_uri', JSON.stringify({ keys: [keys.jwk] })],
  ['sector_identifier_uri', JSON.stringify([CALLBACK])],
]);
const SYMMETRIC = JSON.stringify({ keys: [{ kty: 'oct', k: 'AAAA', alg: 'HS256' }] });
const hits: string[] = [];
const there = await site((req, res) => {
  const path = req.url ?? '';
  hits.push(path);
  const [, kind = '', mood = ''] = path.split('/');
  const body = documents.get(kind) ?? '';
  const json = { 'content-type': 'application/json' };
  const moods: Record<string, () => void> = {
    good: () => res.writeHead(200, json).end(body),
    moved: () => res.writeHead(307, { location: `${there.origin}/${kind}/good` }).end(BANNER),
    large: () => res.writeHead(200, json).end(body + ' '.repeat(70_000)),
    huge: () => res.writeHead(200, json).end(body + ' '.repeat(10_000_000)),
    page: () => res.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body),
    rubbish: () => res.writeHead(200, json).end(BANNER),
    broken: () => res.writeHead(500, json).end(body),
    missing: () => res.writeHead(404, json).end(body),
    symmetric: () => res.writeHead(200, json).end(SYMMETRIC),
    silent: () => undefined,
    drip: () => {
      res.writeHead(200, json).write(body.slice(0, 1));
      const end = setTimeout(() => res.end(body.slice(1)), 3 * PATIENCE);
      res.once('close', () => clearTimeout(end));
    },
  };
  moods[mood]?.();
});
const MOODS = ['good', 'moved', 'large', 'huge', 'page', 'rubbish', 'broken', 'silent', 'drip'] as const;
const CIBA = {
  token_endpoint_auth_method: 'private_key_jwt',
  fapi_profile: '1.0 Final',
  grant_types: ['urn:openid:params:grant-type:ciba'],
  response_types: [],
  backchannel_authentication_request_signing_alg: 'PS256',
  id_token_signed_response_alg: 'PS256',
  jwks: { keys: [ciba.jwk] },
  backchannel_token_delivery_mode: 'ping',
};
const NOTICE = 'backchannel_client_notification_endpoint';
/** Of what is called the status alone is waited for: a drip gives it at once. */
const sites: Sites = (address, options) => {
  const url = address instanceof Request ? address.url : String(address);
  const isLate = url.endsWith('/silent') || (url.endsWith('/drip') && (options?.method ?? 'GET') === 'GET');
  return siteFetch({ inside: true, patience: isLate ? PATIENCE : TIME_ENOUGH })(address, options);
};
const suite = await serveSuite(
  MOODS.map((mood) => ({ client_id: mood, ...CIBA, [NOTICE]: `${there.origin}/${NOTICE}/${mood}` })),
  { parts: { sites } },
);
const rp = relyingParty(suite);
const real = await serveMemory({
  env: {
    ...{ MODE: 'production', DATABASE_URL: 'postgres://localhost/none', SMTP_URL: 'smtp://localhost:25' },
    ...{ PUBLIC_ORIGIN: 'https://claveunica.example', MASTER_KEYS: `k:${'k'.repeat(43)}`, MAIL_FROM: 'no@example.cl' },
  },
});
/** Counts who knocks at a number of this machine, whatever is said then. */
const door = createServer((socket) => {
  hits.push('knock');
  socket.on('error', () => undefined).end();
});
await new Promise<void>((resolve) => door.listen(0, '::', resolve));
const { port } = door.address() as AddressInfo;
/** As after a change in the DNS: a name of a site leads to this machine. */
const { lookup } = dns;
Object.assign(dns, {
  lookup: (name: string, ...rest: unknown[]) =>
    Reflect.apply(lookup, dns, [name === REBOUND ? 'localhost' : name, ...rest]) as void,
});
test.after.always(async () => {
  Object.assign(dns, { lookup });
  await new Promise((resolve) => door.close(resolve));
  await Promise.all([there.close(), suite.close(), real.close()]);
});

type Said = { readonly ok: boolean; readonly text: string };
const telling = async (work: Promise<unknown>): Promise<Said> =>
  work.then(
    () => ({ ok: true, text: '' }),
    (error: unknown) => ({ ok: false, text: `${String(error)} ${String((error as Error).cause)}` }),
  );
/** Each address that we read or call, and what comes of it; registered as the suite does it. */
const KINDS: Readonly<Record<string, (address: string) => Promise<Said>>> = {
  async jwks_uri(jwks_uri) {
    const { client_id: id } = await rp.register({ jwks_uri, token_endpoint_auth_method: 'private_key_jwt' });
    const { status, text } = await fapiSite(suite, { id, keys, dpop }).push();
    return { ok: status === 201, text: status === 201 ? '' : `${status} ${text}` };
  },
  async sector_identifier_uri(sector_identifier_uri) {
    const wish = { redirect_uris: [CALLBACK], subject_type: 'pairwise', sector_identifier_uri };
    const { status, text } = await rp.sendJson('POST', rp.at('/register'), wish);
    return { ok: status === 201, text: status === 201 ? '' : `${status} ${text}` };
  },
  async request_uri(request_uri) {
    const client = await rp.register({ request_uris: [request_uri], jwks: { keys: [keys.jwk] } });
    const { client_id: id } = client;
    documents.set('request_uri', await fapiSite(suite, { id, keys, dpop }).requestObject());
    const { said } = await browse(suite, suite.visitor(), pathOf({ ...asked(client), request_uri }));
    return {
      ok: said.has('code'),
      text: said.has('code') ? '' : `${said.get('error')} ${said.get('error_description')}`,
    };
  },
  async backchannel_logout_uri(backchannel_logout_uri) {
    const { client_id: clientId } = await rp.register({ backchannel_logout_uri });
    return telling(tellLogout(suite.op.provider(), { clientId, accountId: 'x', sid: 'x' }));
  },
  async [NOTICE](address) {
    const id = address.split('/').at(-1) ?? '';
    const who = fapiSite(suite, { id, keys: ciba, dpop });
    const not = { response_type: undefined, redirect_uri: undefined, code_challenge: undefined, state: undefined };
    const request = await who.requestObject({
      ...{ ...not, code_challenge_method: undefined, nonce: undefined, jti: random(), exp: now() + 60 },
      ...{ login_hint: MARIA.run, client_notification_token: random() },
    });
    const { json } = await post(who.at('/backchannel'), await who.proven({ request }));
    const decision = encoded({ auth_req_id: String(json['auth_req_id']), action: 'allow' });
    const { status, text } = await call(`${suite.origin}/emulador/ciba?${decision}`, {
      ...{ method: 'POST', headers: { accept: 'application/json' } },
    });
    return { ok: status === 200, text };
  },
};
/** Of what is called the status alone counts; of a notice nobody hears what came of it. */
const GOOD: Readonly<Record<string, readonly string[]>> = {
  backchannel_logout_uri: ['good', 'large', 'huge', 'page', 'rubbish', 'drip'],
  [NOTICE]: MOODS,
};

for (const [kind, run] of Object.entries(KINDS))
  test.serial(`R-42: ${kind}: redirects, 10 MB, a drip, silence, a page, rubbish: refused or bounded`, async (t) => {
    const refusals = new Set<string>();
    for (const mood of MOODS) {
      const path = `/${kind}/${mood}`;
      const before = hits.length;
      const { ok, text } = await run(`${there.origin}${path}`);
      t.is(ok, (GOOD[kind] ?? ['good']).includes(mood), `${mood} ${text}`);
      // Of a notice nobody waits for what comes of it.
      await until(() => hits.length > before);
      t.deepEqual(hits.slice(before), [path], mood);
      t.notRegex(text, /hunter2/, mood);
      // Of a logout that was not heard only our own log speaks.
      if (!ok && kind !== 'backchannel_logout_uri') refusals.add(text);
    }
    t.true(refusals.size <= 1, [...refusals].join('\n'));
  });

test.serial('R-39, R-42: keys that are symmetric, or not there, are no keys: 401', async (t) => {
  for (const mood of ['symmetric', 'missing', 'rubbish', 'huge', 'drip']) {
    const { ok, text } = await KINDS['jwks_uri']!(`${there.origin}/jwks_uri/${mood}`);
    t.false(ok, mood);
    t.true(text.startsWith('401 {"error":"invalid_client"'), text);
  }
});

/** What no site may name; a parser writes many of them as one of the first. */
const NUMBERS = [
  ...[
    '169.254.169.254',
    '127.0.0.1',
    '127.1',
    '2130706433',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '0x7f000001',
    '127.0.0.1.',
    '0',
  ],
  ...['10.0.0.1', '172.16.0.1', '192.168.0.1', '100.64.0.1', '[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'],
  ...['[0:0:0:0:0:ffff:a9fe:a9fe]', '[::ffff:169.254.169.254]', '[64:ff9b::7f00:1]', '[fd00:ec2::254]', '[fe80::1]'],
];
const FORMS = [
  ...[
    'http://rp.example',
    'file:///etc/passwd',
    'ftp://rp.example/x',
    'gopher://rp.example/x',
    'data:,x',
    '//rp.example/x',
  ],
  ...['https://rp.example@127.0.0.1/', 'https://u:p@rp.example/', 'https://rp.example\\@127.0.0.1/', 'https://', 'x'],
];
const WISH = { name: 'S', profile: 'oidc', state: 'certified', redirectUris: [CALLBACK] } as const;
const made = await createClient(real.parts, { ...WISH, jwksUri: 'https://rp.example/jwks' }, false);
if (made.kind === 'refused') throw new Error(made.faults.join('; '));
/** Alike for each; with what is no address at all it is no client to the library. */
const REFUSED = [
  '401 {"error":"invalid_client","error_description":"client authentication failed"}',
  '400 {"error":"invalid_client_metadata","error_description":"backchannel_logout_uri must be a web uri"}',
];
/** `fetch` does not let anybody choose a `Host`. */
const ask = (path: string, fields: Parameters<typeof encoded>[0]) =>
  new Promise<string>((resolve, reject) => {
    const headers = { host: 'claveunica.example', 'content-type': 'application/x-www-form-urlencoded' };
    const url = `http://127.0.0.1:${real.config.port}/openid${path}`;
    const asking = httpRequest(url, { method: 'POST', headers }, (answer) => {
      let text = `${answer.statusCode} `;
      answer.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      answer.on('end', () => resolve(text));
    });
    asking.on('error', reject).end(encoded(fields));
  });

test.serial(
  'R-42, R-68: in production nothing inside is registered, or called if it stands there all the same',
  async (t) => {
    const { client } = made;
    const who = fapiSite(real, { id: client.id, keys, dpop });
    const addresses = [
      ...NUMBERS.map((host) => `https://${host}:${port}/`),
      ...[`https://localhost:${port}/`, `https://x.localhost.:${port}/`],
      ...FORMS,
    ];
    const rebound = `https://${REBOUND}:${new URL(there.origin).port}/jwks_uri/good`;
    for (const address of [...addresses, rebound]) {
      const before = hits.length;
      if (address !== rebound)
        for (const field of ['jwksUri', 'backchannelLogoutUri'] as const)
          t.is((await createClient(real.parts, { ...WISH, [field]: address }, false)).kind, 'refused', address);
      await real.parts.clients.put({ ...client, jwksUri: address, backchannelLogoutUri: address }, 0);
      const said = await ask('/request', await who.proven(who.usual()));
      t.true(REFUSED.includes(said), `${address} ${said}`);
      const job = { clientId: client.id, accountId: 'x', sid: 'x' };
      t.false((await telling(tellLogout(real.op.provider(), job))).ok, address);
      t.deepEqual(hits.slice(before), [], address);
    }
    // The name does lead there: where sites are inside it is read.
    t.is((await siteFetch({ inside: true })(rebound)).status, 200);
    await t.throwsAsync(siteFetch({ inside: false })(rebound), { message: 'nothing guards the addresses inside' });
  },
);

test.serial('R-42: a laptop calls itself, and no machine of a cloud that tells secrets', async (t) => {
  const laptop = siteFetch({ inside: true });
  for (const address of [
    ...FORMS,
    'https://169.254.169.254/',
    'https://2852039166/',
    'https://[::ffff:169.254.169.254]/',
  ])
    await t.throwsAsync(laptop(address), { message: 'not an address of a site' }, address);
  for (const kind of [...Object.keys(KINDS), 'logo_uri'])
    for (const address of FORMS) {
      const metadata = { redirect_uris: [CALLBACK], [kind]: kind === 'request_uri' ? undefined : address };
      if (kind === 'request_uri') Object.assign(metadata, { request_uris: [address] });
      t.is((await rp.sendJson('POST', rp.at('/register'), metadata)).status, 400, `${kind} ${address}`);
    }
  // A picture is for browsers to fetch.
  const before = hits.length;
  const client = await rp.register({ logo_uri: `${there.origin}/logo` });
  const user = suite.visitor();
  const { location } = await user.get(pathOf(asked(client)), { accept: 'text/html' });
  t.true((await user.get(location, { accept: 'text/html' })).text.includes(`${there.origin}/logo`));
  t.is(hits.length, before);
});

test.serial('R-42: in production no request makes us call anything', async (t) => {
  const before = hits.length;
  const address = `${there.origin}/jwks_uri/good`;
  await real.parts.clients.put(made.client, 0);
  const who = fapiSite(real, { id: made.client.id, keys, dpop });
  t.regex(await ask('/register', { sector_identifier_uri: address }), /^404 /);
  t.regex(await ask('/backchannel', { client_notification_endpoint: address }), /^404 /);
  t.regex(await ask('/request', await who.proven(who.usual({ request_uri: address }))), /^40[01] /);
  for (const header of [{ jku: address }, { x5u: address }])
    t.regex(
      await ask('/request', await who.proven({ client_assertion: await who.assertion({}, { header }) })),
      /^401 /,
    );
  t.is(hits.length, before);
});
