import test from 'ava';
import type { Client } from '../../src/domain/client.ts';
import { requestAgain, wayBack } from '../../src/flows/way-back.ts';
import { memoryParts, type Memory } from '../support/memory.ts';

const issuer = 'https://op.example/openid';
const HOUR = 3_600_000;
const PARAMS = { client_id: 'site', state: 's', redirect_uri: 'https://site.example/cb' };

async function withSite(differing: Partial<Client> = {}) {
  const parts = await memoryParts({ empty: true });
  const client: Client = {
    ...{ id: 'site', name: 'Sitio', institution: 'Sitio', profile: 'oidc', state: 'certified', sector: 's' },
    ...{ secrets: [], auth: 'private_key_jwt', scopes: ['openid'], redirectUris: ['https://site.example/cb'] },
    ...{
      postLogoutRedirectUris: [],
      homeUri: 'https://site.example/',
      initiateLoginUri: 'https://site.example/in?x=1',
    },
    ...differing,
  };
  await parts.clients.add(client, 0);
  return parts;
}
const keep = (parts: Memory, params: typeof PARAMS | undefined, clientId = 'site') =>
  parts.requests.keep('u', { clientId, params }, { now: parts.clock(), until: parts.clock() + 8 * HOUR });
const there = (way: Awaited<ReturnType<typeof wayBack>>) =>
  way.kind === 'home' ? 'home' : way.kind === 'site' ? way.to : `again ${way.uid} for ${way.client.id}`;

test('a request that is known is started again, for eight hours', async (t) => {
  const parts = await withSite();
  await keep(parts, PARAMS);
  const from = { uid: 'u', clientId: undefined, issuer };
  t.is(there(await wayBack(parts, from)), 'again u for site');
  t.deepEqual(await requestAgain(parts, 'u'), PARAMS);
  parts.travel(8 * HOUR - 60_000);
  t.is(there(await wayBack(parts, from)), 'again u for site');
  parts.travel(60_000);
  t.is(there(await wayBack(parts, from)), 'home');
  t.is(await requestAgain(parts, 'u'), undefined);
});

test('a request that can’t be started again, or is unknown, leads to where the site begins a login', async (t) => {
  const parts = await withSite();
  await keep(parts, undefined);
  const begin = `https://site.example/in?x=1&iss=${encodeURIComponent(issuer)}`;
  t.is(there(await wayBack(parts, { uid: 'u', clientId: undefined, issuer })), begin);
  t.is(there(await wayBack(parts, { uid: 'unknown', clientId: 'site', issuer })), begin);
  t.is(there(await wayBack(parts, { uid: undefined, clientId: 'site', issuer })), begin);
  t.is(await requestAgain(parts, 'u'), undefined);
});

test('the request says whose it is, whatever the page claims', async (t) => {
  const parts = await withSite();
  await parts.clients.add(
    { ...(await parts.clients.byId('site'))!, id: 'other', initiateLoginUri: 'https://other.example/' },
    0,
  );
  await keep(parts, PARAMS);
  t.is(there(await wayBack(parts, { uid: 'u', clientId: 'other', issuer })), 'again u for site');
});

test('without a place to begin it leads to the site’s home, and without that to ours', async (t) => {
  const from = { uid: undefined, clientId: 'site', issuer };
  t.is(there(await wayBack(await withSite({ initiateLoginUri: undefined }), from)), 'https://site.example/');
  const bare = await withSite({ initiateLoginUri: undefined, homeUri: undefined });
  t.is(there(await wayBack(bare, from)), 'home');
});

test('what is not registered, or suspended, leads home, also when its request is known (R-46, R-69)', async (t) => {
  const parts = await withSite();
  await keep(parts, PARAMS);
  t.is(there(await wayBack(parts, { uid: undefined, clientId: 'https://evil.example', issuer })), 'home');
  t.is(there(await wayBack(parts, { uid: undefined, clientId: undefined, issuer })), 'home');
  await parts.clients.change('site', (one) => ({ ...one, state: 'suspended' }), 1);
  t.is(there(await wayBack(parts, { uid: 'u', clientId: 'site', issuer })), 'home');
  await keep(parts, PARAMS, 'gone');
  t.is(there(await wayBack(parts, { uid: 'u', clientId: undefined, issuer })), 'home');
});
