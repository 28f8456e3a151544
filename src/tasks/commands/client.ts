import { AUTH_METHODS, FEATURES, PROFILES, type Client, type ClientState } from '../../domain/client.ts';
import { SIGNING_ALGS } from '../../domain/signing-key.ts';
import { createClient } from '../../flows/create-client.ts';
import { clientAttempts } from './client-attempts.ts';
import { clientFeature } from './client-feature.ts';
import { bytesOf, featuresOf, jsonOf, jwks, metadata } from './client-input.ts';
import { byOperator } from './operator.ts';
import { clientImport } from './client-import.ts';
import { clientCertify, clientRotateSecret, clientSuspend } from './client-state.ts';
import { command, Failure, table, WrongUsage } from './command.ts';

const create = command({
  name: 'client create',
  summary: 'Registers a state website and prints its client_id and its client_secret, which is shown this once.',
  options: {
    name: { value: 'N', needed: true, meaning: 'as citizens read it' },
    'redirect-uri': {
      value: 'U',
      needed: true,
      repeated: true,
      meaning: 'where answers go: https, no fragment (http at loopback in the emulator); up to ten, compared exactly',
    },
    profile: { value: 'P', meaning: `${PROFILES.join(' or ')}; by default oidc` },
    auth: { value: 'M', meaning: `${AUTH_METHODS.join(', ')}; with keys private_key_jwt` },
    'jwks-uri': { value: 'U', meaning: 'where its public keys are' },
    jwks: { value: 'FILE', meaning: 'its public keys, a JSON Web Key Set' },
    feature: {
      value: 'F',
      repeated: true,
      meaning: `${FEATURES.join(', ')}: what single sites get; in production by two (client feature)`,
    },
    metadata: { value: 'FILE', meaning: 'more of it in the words of OpenID, JSON: algorithms, certificate names' },
    'backchannel-logout-uri': { value: 'U', meaning: 'told when a session ends' },
    'initiate-login-uri': { value: 'U', meaning: 'where a sign-in is begun at the site itself' },
    scope: { value: 'S', repeated: true, meaning: 'what it may ask for, by default what most need; one or several' },
    'post-logout-redirect-uri': { value: 'U', repeated: true, meaning: 'where people may be sent after logging out' },
    'id-token-alg': { value: 'A', meaning: `signature of its ID tokens: ${SIGNING_ALGS.join(', ')}; by default RS256` },
    logo: { value: 'FILE', meaning: 'its picture: PNG, JPEG or WebP, 32 KiB at most' },
    institution: { value: 'I', meaning: 'to whom it belongs; by default its name' },
    certified: { meaning: 'usable in production at once; else it starts there as a draft (recorded)' },
  },
  run: async (given, access) => {
    const profile = given.choice('profile', PROFILES) ?? 'oidc';
    const idTokenAlg = given.choice('id-token-alg', SIGNING_ALGS);
    const auth = given.choice('auth', AUTH_METHODS);
    const features = featuresOf(given.all('feature'));
    const scopes = given.all('scope').flatMap((scope) => scope.split(/[\s,]+/).filter(Boolean));
    const { config, parts } = await access.ready();
    if (!config.emulator && features.length > 0)
      throw new Failure('features are agreed by two administrators: create the site, then clave client feature');
    const state: ClientState = given.flag('certified') ? 'certified' : config.emulator ? 'sandbox' : 'draft';
    const wish = {
      name: given.text('name'),
      institution: given.maybe('institution'),
      ...{ profile, auth, state, idTokenAlg },
      scopes: scopes.length > 0 ? scopes : undefined,
      redirectUris: given.all('redirect-uri'),
      postLogoutRedirectUris: given.all('post-logout-redirect-uri'),
      jwks: await jsonOf(given.maybe('jwks'), jwks),
      jwksUri: given.maybe('jwks-uri'),
      features,
      metadata: await jsonOf(given.maybe('metadata'), metadata),
      backchannelLogoutUri: given.maybe('backchannel-logout-uri'),
      initiateLoginUri: given.maybe('initiate-login-uri'),
      logo: await bytesOf(given.maybe('logo')),
    };
    const outcome = await createClient({ ...parts, transaction: byOperator(parts, { state }) }, wish, config.emulator);
    if (outcome.kind === 'refused') throw new Failure(outcome.faults.join('\n'));
    const { client, secret } = outcome;
    const shown = client.auth.startsWith('client_secret') ? { client_secret: secret } : {};
    const json = { client_id: client.id, ...shown, ...described(client) };
    const rows = Object.entries(json).map(([name, value]) => [`${name}:`, [value].flat().join(' ')]);
    const draft =
      state === 'draft' ? '\n\nA draft: no citizen can sign in there before it is certified (client certify).' : '';
    const keep = 'client_secret' in shown ? '\n\nKeep the secret now: it is not stored, and is not shown again.' : '';
    return { json, text: `${table(rows)}${keep}${draft}` };
  },
});

const list = command({
  name: 'client list',
  summary: 'Lists the state websites.',
  run: async (_given, access) => {
    const { parts } = await access.ready();
    const clients = await parts.clients.list();
    const head = ['client_id', 'state', 'profile', 'name', 'institution'];
    const rows = clients.map(({ id, state, profile, name, institution }) => [id, state, profile, name, institution]);
    return {
      json: { clients: clients.map((client) => ({ client_id: client.id, ...described(client) })) },
      text: rows.length === 0 ? 'there are no clients' : table([head, ...rows]),
    };
  },
});

const invite = command({
  name: 'client invite',
  summary: 'Prints a token with which developers register clients by themselves (RFC 7591); in the emulator only.',
  options: { days: { value: 'N', meaning: 'how long it is good, by default 30' } },
  run: async (given, access) => {
    const days = Number(given.maybe('days') ?? 30);
    if (!(Number.isInteger(days) && days > 0 && days <= 365)) throw new WrongUsage('--days is between 1 and 365');
    const { config, parts } = await access.ready();
    if (!config.emulator) throw new Failure('in production institutions are registered by the operator');
    const [id, iat] = [parts.chance(32), Math.floor(parts.clock() / 1000)];
    const token = { jti: id, kind: 'InitialAccessToken', iat, exp: iat + days * 86_400 };
    // No other command needs the protocol library, which is large.
    const { createAdapter } = await import('../../oidc/adapter.ts');
    await createAdapter({ ...parts, emulator: true })('InitialAccessToken').upsert(id, token, days * 86_400);
    const json = { initial_access_token: id, registration_endpoint: `${config.origin}/openid/register`, days };
    return { json, text: table(Object.entries(json).map(([name, value]) => [`${name}:`, String(value)])) };
  },
});

/** `clave client …` */
export const clientCommands = [
  clientAttempts,
  clientCertify,
  create,
  clientFeature,
  clientImport,
  invite,
  list,
  clientRotateSecret,
  clientSuspend,
];

const described = ({ name, institution, profile, state, auth, scopes, features = [], ...uris }: Client) => ({
  ...{ name, institution, profile, state, auth, scopes, ...(features.length > 0 && { features }) },
  redirect_uris: uris.redirectUris,
  post_logout_redirect_uris: uris.postLogoutRedirectUris,
});
