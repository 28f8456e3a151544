/**
 * The yardstick: the least code that can do the job. Bare oidc-provider, an ioredis adapter, @node-rs/argon2, one
 * form; no Postgres, no limits, no audit, no CSRF token. Same RSA size and hash parameters as the product.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Redis } from 'ioredis';
import Provider, { type Adapter, type AdapterPayload } from 'oidc-provider';
import { demoPeople, manyPeople, RP } from './people.ts';

const port = Number(process.env['PORT']);
const origin = `http://127.0.0.1:${port}`;
const redis = new Redis(process.env['REDIS_URL'] ?? '', { keyPrefix: 'yardstick:' });

function adapter(model: string): Adapter {
  const key = (id: string) => `${model}:${id}`;
  const read = async (at: string): Promise<AdapterPayload | undefined> => {
    const { payload, consumed } = await redis.hgetall(at);
    if (payload === undefined) return undefined;
    return {
      ...(JSON.parse(payload) as AdapterPayload),
      ...(consumed !== undefined && { consumed: Number(consumed) }),
    };
  };
  return {
    async upsert(id, payload, seconds = 86_400) {
      const { grantId, uid } = payload;
      const multi = redis.multi().hset(key(id), 'payload', JSON.stringify(payload)).expire(key(id), seconds);
      if (grantId !== undefined && model !== 'Grant')
        multi.rpush(`grant:${grantId}`, key(id)).expire(`grant:${grantId}`, seconds);
      if (uid !== undefined) multi.set(`uid:${uid}`, id, 'EX', seconds);
      await multi.exec();
    },
    find: (id) => read(key(id)),
    async findByUid(uid) {
      const id = await redis.get(`uid:${uid}`);
      return id === null ? undefined : read(key(id));
    },
    findByUserCode: async () => undefined,
    async consume(id) {
      await redis.hset(key(id), 'consumed', Math.floor(Date.now() / 1000));
    },
    async destroy(id) {
      await redis.del(key(id));
    },
    async revokeByGrantId(grantId) {
      const keys = await redis.lrange(`grant:${grantId}`, 0, -1);
      await redis.del(...keys, `grant:${grantId}`);
    },
  };
}

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const people = new Map<string, string>();
for (const { run, password } of demoPeople())
  people.set(run, await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 }));
const [shared = ''] = people.values();
for (const { run } of manyPeople()) people.set(run, shared);

const provider = new Provider(origin, {
  adapter,
  clients: [{ client_id: RP.id, client_secret: RP.secret, redirect_uris: [RP.redirectUri] }],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kty: 'RSA', alg: 'RS256', use: 'sig', kid: 'one' }] },
  cookies: { keys: [randomBytes(32).toString('base64url')] },
  claims: {
    openid: ['sub'],
    run: ['RolUnico'],
    profile: ['name', 'given_name', 'family_name', 'birthdate', 'updated_at'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
  },
  features: { devInteractions: { enabled: false } },
  findAccount: (_ctx, accountId) => ({
    accountId,
    claims: () => ({
      sub: accountId,
      RolUnico: { numero: 11111111, DV: '1', tipo: 'RUN' },
      name: 'María Carmen Del Río González',
      given_name: 'María Carmen',
      family_name: 'Del Río González',
      birthdate: '1980-05-17',
      updated_at: 1_700_000_000,
      email: 'maria.del@correo.example',
      email_verified: true,
      phone_number: '+56911111111',
      phone_number_verified: true,
    }),
  }),
  interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
  async loadExistingGrant({ oidc }) {
    const { client, session, provider: op } = oidc;
    if (!client || !session?.accountId) return undefined;
    const id = session.grantIdFor(client.clientId);
    const known = id === undefined ? undefined : await op.Grant.find(id);
    if (known) return known;
    const grant = new op.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope(RP.scope);
    await grant.save();
    return grant;
  },
  pkce: { required: () => true },
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 28_800, IdToken: 300, Interaction: 3600, Session: 28_800 },
});

const form = (
  action: string,
  problem = '',
) => `<!doctype html><html lang="es"><head><title>Ingresar</title></head><body>
<h1>Ingresar</h1><p>${problem}</p><form method="post" action="${action}"><label>RUN <input name="run"></label>
<label>ClaveÚnica <input name="password" type="password"></label><button>Ingresar</button></form></body></html>`;

provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/interaction/')) {
    await next();
    return;
  }
  ctx.type = 'html';
  if (ctx.method === 'GET') {
    await provider.interactionDetails(ctx.req, ctx.res);
    ctx.body = form(ctx.path);
    return;
  }
  let body = '';
  for await (const chunk of ctx.req) body += String(chunk);
  const sent = new URLSearchParams(body);
  const run = sent.get('run') ?? '';
  const secret = people.get(run);
  if (secret === undefined || !(await verify(secret, sent.get('password') ?? ''))) {
    ctx.status = 422;
    ctx.body = form(ctx.path, 'No.');
    return;
  }
  const to = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: run, remember: false } });
  ctx.status = 303;
  ctx.redirect(to);
});

const server = provider.listen(port, '127.0.0.1', () => console.log(`ready ${origin}`));
server.keepAliveTimeout = 65_000;
process.once('SIGTERM', () => process.exit(0));
