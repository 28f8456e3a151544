import test from 'ava';
import { metadataOf, FEATURES, type Client, type Feature } from '../../src/domain/client.ts';
import { featureFaults, withFeatures, type FeatureFault } from '../../src/domain/client-features.ts';
import { parseRun, type Run } from '../../src/domain/run.ts';
import { REASONS, type Staff } from '../../src/domain/roles.ts';
import { decideFeatures, giveFeatures, proposeFeatures, proposeFeaturesFor } from '../../src/flows/client-features.ts';
import { createClient } from '../../src/flows/create-client.ts';
import type { Actor } from '../../src/flows/permit.ts';
import { grantFirst } from '../../src/flows/staff.ts';
import { memoryParts, type Memory } from '../support/memory.ts';
import { serveMemory } from '../support/serve-memory.ts';

const ONE = parseRun('9.876.543-3')!;
const OTHER = parseRun('12.345.678-5')!;
const reason = { kind: REASONS[6], text: 'convenio con el banco' };
const jwksUri = 'https://banco.example/jwks';

async function operator(parts: Memory, run: Run, differing: Partial<Staff> = {}): Promise<Actor> {
  await grantFirst(parts, { run, post: { roles: ['operator'] }, always: true });
  const { id } = (await parts.accounts.forLogin(run))!.account;
  await parts.staff.setState(id, 'active', parts.clock());
  const staff = { ...(await parts.staff.byId(id))!, ...differing };
  return { staff, provedAt: parts.clock(), requestId: 'r-1', network: '10.0.0.0/24' };
}
async function site(parts: Memory, more: object = { jwksUri }): Promise<string> {
  const wish = {
    name: 'Banco',
    profile: 'oidc',
    state: 'certified',
    redirectUris: ['https://banco.example/cb'],
  } as const;
  const outcome = await createClient(parts, { ...wish, ...more }, false);
  if (outcome.kind === 'refused') throw new Error(outcome.faults.join());
  return outcome.client.id;
}
const idOf = (outcome: { readonly kind: string; readonly id?: string }) => outcome.id ?? outcome.kind;
const kinds = (parts: Memory, clientId: string) =>
  [...parts.tables.audit.values()].filter((event) => event.clientId === clientId).map(({ kind }) => kind);

test('decision 12: one administrator proposes features, another agrees, and only then the site has them', async (t) => {
  const parts = await memoryParts();
  const [one, other] = [await operator(parts, ONE), await operator(parts, OTHER)];
  const clientId = await site(parts);
  const wish = { features: ['refresh', 'jar', 'fapi'] as const, metadata: { require_signed_request_object: true } };
  const proposed = await proposeFeatures(parts, one, { clientId, wish, reason });
  t.is(proposed.kind, 'proposed');
  t.deepEqual((await parts.clients.byId(clientId))?.features, []);
  t.deepEqual(await proposeFeatures(parts, other, { clientId, wish, reason }), { kind: 'waiting' });
  const id = idOf(proposed);
  t.deepEqual(await decideFeatures(parts, one, { id, agreed: true }), { kind: 'denied', lacks: 'other' });
  t.deepEqual((await parts.clients.byId(clientId))?.features, [], 'nobody agrees with herself');
  t.deepEqual(await decideFeatures(parts, other, { id, agreed: true }), { kind: 'decided' });
  t.like(await parts.clients.byId(clientId), {
    features: ['jar', 'fapi', 'refresh'],
    metadata: { require_signed_request_object: true },
    scopes: ['openid', 'run', 'profile', 'email', 'offline_access'],
  });
  t.deepEqual(await decideFeatures(parts, other, { id, agreed: true }), { kind: 'gone' }, 'once');
  t.deepEqual(kinds(parts, clientId), ['client-created', 'client-features-proposed', 'client-features-decided']);

  // Taken away in the same way: what belonged to them goes with them.
  const less = await proposeFeatures(parts, other, { clientId, wish: { features: ['fapi'] }, reason });
  t.deepEqual(await decideFeatures(parts, one, { id: idOf(less), agreed: true }), { kind: 'decided' });
  t.like(await parts.clients.byId(clientId), {
    ...{ features: ['fapi'], metadata: {}, scopes: ['openid', 'run', 'profile', 'email'] },
  });
});

test('R-63: an institution proposes for its own sites; operators alone decide; a no, and a day, change nothing', async (t) => {
  const parts = await memoryParts();
  const [one, other] = [await operator(parts, ONE), await operator(parts, OTHER)];
  const clientId = await site(parts);
  const role = { roles: ['institution'] } as const;
  const theirs = { ...one, staff: { ...one.staff, ...role, institution: 'Banco' } };
  const strangers = { ...one, staff: { ...one.staff, ...role, institution: 'Otro banco' } };
  const asking = { clientId, wish: { features: ['jarm'] as readonly Feature[] }, reason };
  t.deepEqual(await proposeFeatures(parts, strangers, asking), { kind: 'denied', lacks: 'other' });
  t.deepEqual(await proposeFeatures(parts, { ...theirs, provedAt: 0 }, asking), { kind: 'denied', lacks: 'fresh' });
  t.deepEqual(await proposeFeatures(parts, theirs, { ...asking, reason: { ...reason, text: 'sí' } }), {
    ...{ kind: 'denied', lacks: 'reason' },
  });
  const first = idOf(await proposeFeatures(parts, theirs, asking));
  const auditor = { ...other, staff: { ...other.staff, ...role, institution: 'Banco' } };
  t.deepEqual(await decideFeatures(parts, auditor, { id: first, agreed: true }), { kind: 'denied', lacks: 'role' });
  t.deepEqual(await decideFeatures(parts, other, { id: first, agreed: false }), { kind: 'decided' });
  t.deepEqual((await parts.clients.byId(clientId))?.features, []);
  const second = idOf(await proposeFeatures(parts, theirs, asking));
  parts.travel(24 * 3_600_000 + 1);
  t.deepEqual(await decideFeatures(parts, { ...other, provedAt: parts.clock() }, { id: second, agreed: true }), {
    kind: 'gone',
  });
  t.deepEqual(await proposeFeatures(parts, one, { ...asking, clientId: 'nobody' }), { kind: 'denied', lacks: 'fresh' });
});

test('what the site lost since it was proposed is felt: then nothing is given', async (t) => {
  const parts = await memoryParts();
  const [one, other] = [await operator(parts, ONE), await operator(parts, OTHER)];
  const clientId = await site(parts);
  const id = idOf(await proposeFeatures(parts, one, { clientId, wish: { features: ['fapi'] }, reason }));
  await parts.clients.change(clientId, (client) => ({ ...client, auth: 'client_secret_basic' }), parts.clock());
  t.deepEqual(await decideFeatures(parts, other, { id, agreed: true }), {
    kind: 'faulty',
    faults: [{ fault: 'no-strong-auth', name: 'fapi' }],
  });
  t.deepEqual((await parts.clients.byId(clientId))?.features, []);
  t.deepEqual(
    await decideFeatures(parts, other, { id, agreed: false }),
    { kind: 'decided' },
    'a no is always possible',
  );
});

test('by the machine’s operator a proposal is somebody’s, who may not agree to it; on a laptop it holds at once', async (t) => {
  const parts = await memoryParts();
  const [one, other] = [await operator(parts, ONE), await operator(parts, OTHER)];
  const clientId = await site(parts);
  const asking = { clientId, wish: { features: ['jar'] as readonly Feature[] }, reason: reason.text };
  t.deepEqual(await proposeFeaturesFor(parts, parseRun('11.111.111-1')!, asking), { kind: 'nobody' });
  const id = idOf(await proposeFeaturesFor(parts, ONE, asking));
  t.deepEqual(await decideFeatures(parts, one, { id, agreed: true }), { kind: 'denied', lacks: 'other' });
  t.deepEqual(await decideFeatures(parts, other, { id, agreed: true }), { kind: 'decided' });
  t.deepEqual(await giveFeatures(parts, { clientId, wish: { features: ['jarm'] } }), { kind: 'given' });
  t.deepEqual((await parts.clients.byId(clientId))?.features, ['jarm']);
  t.deepEqual(await giveFeatures(parts, { clientId: 'nobody', wish: { features: [] } }), { kind: 'gone' });
  t.deepEqual(await giveFeatures(parts, { clientId, wish: { features: [], metadata: { client_secret: 'x' } } }), {
    ...{ kind: 'faulty', faults: [{ fault: 'unknown-metadata', name: 'client_secret' }] },
  });
});

const base = { auth: 'private_key_jwt', profile: 'oidc', jwksUri } as const;
const faults = (about: object, features: readonly Feature[], metadata?: Client['metadata']) =>
  featureFaults({ ...base, ...about }, { features, metadata }).map(({ fault, name }: FeatureFault) =>
    `${fault} ${name ?? ''}`.trim(),
  );

test('what does not fit together is named', (t) => {
  t.deepEqual(faults({}, [...FEATURES]), []);
  t.deepEqual(faults({ profile: 'claveunica', auth: 'client_secret_post' }, ['jar']), ['profile']);
  t.deepEqual(faults({ auth: 'tls_client_auth' }, []), ['certificates']);
  t.deepEqual(faults({ auth: 'client_secret_basic', jwksUri: undefined }, ['fapi', 'jar', 'encryption']), [
    ...['no-strong-auth fapi', 'no-keys jar', 'no-keys encryption'],
  ]);
  t.deepEqual(faults({}, ['jar'], { request_object_signing_alg: 'none' }), ['bad-metadata request_object_signing_alg']);
  t.deepEqual(faults({}, ['jar'], { request_object_signing_alg: 'HS256', client_id: 'x' }), [
    ...['unknown-metadata client_id', 'bad-metadata request_object_signing_alg'],
  ]);
  t.deepEqual(faults({}, ['encryption'], { userinfo_encrypted_response_enc: 'A256GCM' }), [
    'bad-metadata userinfo_encrypted_response_enc',
  ]);
  t.deepEqual(faults({}, [], { default_max_age: -1, require_auth_time: 'yes', default_acr_values: ['high'] }), [
    ...['bad-metadata default_max_age', 'bad-metadata require_auth_time', 'bad-metadata default_acr_values'],
  ]);
});

const TRIED: Readonly<Record<string, unknown>> = {
  default_acr_values: ['urn:claveunica:video:2f'],
  default_max_age: 300,
  tls_client_auth_subject_dn: 'CN=banco',
};
const valueOf = (name: string): unknown => {
  if (name in TRIED) return TRIED[name];
  if (name.endsWith('_encrypted_response_alg')) return 'ECDH-ES';
  if (name.endsWith('_enc')) return 'A256GCM';
  return name.endsWith('_alg') ? 'ES256' : true;
};

test('the library takes each site that the rule lets pass: none is shut out by what it was given', async (t) => {
  const app = await serveMemory();
  t.teardown(app.close);
  const wishes = FEATURES.filter((name) => name !== 'mtls').map((name) => [name] as readonly Feature[]);
  for (const features of [[], ...wishes, FEATURES.filter((name) => name !== 'mtls')]) {
    const names = metadataOf(features);
    const all = Object.fromEntries(names.map((name) => [name, valueOf(name)]));
    for (const metadata of [undefined, {}, all]) {
      const id = await site(app.parts);
      const client = (await app.parts.clients.byId(id))!;
      const wish = { features, metadata };
      t.deepEqual(featureFaults(client, wish), [], features.join());
      await app.parts.clients.put(withFeatures(client, wish), 1);
      const found = await app.op.provider().Client.find(id);
      t.is(found?.clientId, id, `${features.join()} ${JSON.stringify(metadata)}`);
    }
  }
});
