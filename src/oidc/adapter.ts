import { hash } from 'node:crypto';
import Provider, { errors, type Adapter, type AdapterPayload } from 'oidc-provider';
import type { Vault } from '../domain/vault.ts';
import type { Parts } from '../parts.ts';
import type { Artifact, Found } from '../stores/artifacts.ts';
import { clientAdapter } from './client.ts';
import { begun, errandsOf } from './errands.ts';

type Needs = Pick<Parts, 'artifacts' | 'clients' | 'registrations' | 'vault' | 'clock'> & {
  readonly sessions: Pick<Parts['sessions'], 'standing'>;
  readonly emulator: boolean;
};

/** A consumed code is remembered as long as the tokens it gave live: used again, it revokes them (RFC 6749 §4.1.2). */
const CONSUMED_KEPT = 3600_000;

/** A text from there to here costs half of what bytes do. */
export const hashOf = (model: string, id: string): Buffer =>
  Buffer.from(hash('sha256', `${model}:${id}`, 'latin1'), 'latin1');

/**
 * The provider's storage. Ids are hashed and payloads sealed; `consume` is compare-and-set;
 * of a session the authorizations are kept one by one and merged, so that two tabs lose nothing; expiry is judged by
 * our clock; a session that Postgres has ended is not found.
 */
export const createAdapter =
  (parts: Needs) =>
  (model: string): Adapter =>
    model === 'Client' ? clientAdapter(parts.clients, parts) : artifactAdapter(model, parts);

/** Found by their uid, or by the code that a person types. */
const NAMED = ['Session', 'DeviceCode'];

/** Whoever finds one asks for its grant next, and whether its session stands. */
const BOUND = ['AccessToken', 'AuthorizationCode'];

/** A site that asks for one too late is told so (`expired_token`: CIBA Core §11, RFC 8628 §3.5), for as long as this. */
const ASKED_FOR = ['BackchannelAuthenticationRequest', 'DeviceCode'];
const ASKED_FOR_KEPT = 3600_000;

/** An eviction must not unregister a client, nor take its keys away. */
const LASTING = ['InitialAccessToken', 'RegistrationAccessToken'];

function artifactAdapter(model: string, parts: Needs): Adapter {
  const { clock, vault } = parts;
  const artifacts = LASTING.includes(model) ? parts.registrations : parts.artifacts;
  const key = (id: string) => hashOf(model, id);
  const found = async (artifact: Found | undefined, id?: string): Promise<AdapterPayload | undefined> => {
    // Sealed by a master key that was taken out before its time: to whoever holds it, it is over.
    if (!artifact || !vault.ids.includes(sealedBy(artifact.payload))) return undefined;
    const payload = read(model, { artifact, id, vault });
    lookAhead(model, parts, { payload, artifact });
    return model !== 'Session' || (await stands(parts, payload)) ? payload : undefined;
  };
  const written = async () => {
    const writes = errandsOf()?.writes;
    if (writes && writes.size > 0) await Promise.all(writes.values());
  };
  const write = async (name: Buffer, work: () => Promise<void>) => {
    const writes = errandsOf()?.writes;
    if (!writes) return work();
    const place = name.toString('base64url');
    const before = writes.get(place);
    if (before) await before;
    writes.set(place, begun(work()));
  };

  return {
    async upsert(id, payload, seconds) {
      const { expiresAt, ...rest } = sealed(model, { id, payload, vault });
      // What has no life of its own (a grant without end) is kept for a year.
      const over = expiresAt ?? clock() + (seconds || 365 * 86_400) * 1000;
      const until = over + (ASKED_FOR.includes(model) ? ASKED_FOR_KEPT : 0);
      const artifact = { ...rest, key: key(id), model, expiresAt: until };
      if (model !== 'ReplayDetection') return write(artifact.key, () => artifacts.put(artifact, clock()));
      if (!(await artifacts.putOnce(artifact, clock()))) throw new errors.InvalidRequest('used before');
      return undefined;
    },
    async find(id) {
      const ahead = model === 'Grant' ? once(errandsOf()?.grants, id) : undefined;
      await written();
      if (ahead) return found(await ahead, id);
      const name = key(id);
      return found(await (BOUND.includes(model) ? artifacts.getWith : artifacts.get)(name, clock()), id);
    },
    async findByUid(uid) {
      const standing = await once(errandsOf()?.bound, uid);
      if (standing) return standing;
      await written();
      return found(await artifacts.getBy('uid', hashOf('uid', uid), clock()));
    },
    async findByUserCode(code) {
      await written();
      return found(await artifacts.getBy('userCode', hashOf('userCode', code), clock()));
    },
    async consume(id) {
      await written();
      if (await artifacts.consume(key(id), { now: clock(), keepUntil: clock() + CONSUMED_KEPT })) return;
      if (model === 'PushedAuthorizationRequest') throw new errors.InvalidRequestUri('used before');
      throw new errors.InvalidGrant('used before');
    },
    async destroy(id) {
      const name = key(id);
      await write(name, () => artifacts.remove(name));
    },
    async revokeByGrantId(grantId) {
      await written();
      await artifacts.removeByGrant(model, hashOf('grant', grantId));
    },
  };
}

/** The id of the key that a sealed value begins with. */
const sealedBy = (sealed: Buffer): string => sealed.toString('utf8', 1, 1 + (sealed[0] ?? 0));

/** Takes it out. */
function once<T>(all: Map<string, T> | undefined, name: string): T | undefined {
  const known = all?.get(name);
  all?.delete(name);
  return known;
}

/**
 * Who finds a token asks for its grant next, and who finds a browser's session for its grant at that site: it comes with
 * it, or is sent for at once. Within one request, and given out once.
 */
function lookAhead(
  model: string,
  { artifacts, clock, sessions }: Needs,
  { payload, artifact: { led } }: { readonly payload: AdapterPayload; readonly artifact: Found },
): void {
  const errands = errandsOf();
  if (!errands) return;
  const { grantId, sessionUid, authorizations } = payload;
  const grant = (id: string | undefined) => {
    if (id === undefined) return;
    const name = hashOf('Grant', id);
    // What it leads to stands open in the store: only the name within the seal counts.
    const there = led?.key.equals(name) ? Promise.resolve(led) : begun(artifacts.get(name, clock()));
    errands.grants.set(id, there);
  };
  if (model === 'Session') {
    const site = Provider.ctx?.query['client_id'];
    if (typeof site === 'string' && authorizations && Object.hasOwn(authorizations, site))
      grant(authorizations[site]?.grantId);
  }
  if (!BOUND.includes(model)) return;
  grant(grantId);
  if (sessionUid !== undefined && isBound(payload)) errands.bound.set(sessionUid, begun(boundTo(payload, sessions)));
}

const isBound = (payload: AdapterPayload) => payload['expiresWithSession'] === true;

/**
 * The session of a token as far as the library compares it, once Postgres has said that it stands and was not begun before
 * a revocation: the session itself would say no more, and need not be fetched, opened and read. Undefined where
 * that is not so, or is not known, as the session may have been renewed since: then it is asked.
 */
async function boundTo(
  { accountId, clientId, grantId, sessionUid: uid, authTime }: AdapterPayload,
  sessions: Needs['sessions'],
): Promise<AdapterPayload | undefined> {
  if (accountId === undefined || clientId === undefined || uid === undefined || authTime === undefined)
    return undefined;
  const authorizations = { [clientId]: { ...(grantId !== undefined && { grantId }) } };
  // Its id is not known, and nobody asks for it.
  const session = { jti: uid, uid, accountId, loginTs: authTime, authorizations };
  return (await stands({ sessions }, session)) ? session : undefined;
}

/** When somebody signed in, of whom a token speaks: seconds. */
function signedInAt(): number | undefined {
  const { AuthorizationCode: code, RefreshToken: refresh } = Provider.ctx?.oidc.entities ?? {};
  return (code ?? refresh)?.authTime;
}

type Written = { readonly id: string; readonly payload: AdapterPayload; readonly vault: Vault };

function sealed(model: string, { id, payload, vault }: Written) {
  const { jti: _jti, authorizations, session, ...rest } = payload;
  // A code says it, a token does not.
  const authTime = model === 'AccessToken' && isBound(payload) ? signedInAt() : undefined;
  // A session's id opens the session: an interaction that is sealed beside it must not carry it.
  const { cookie: _cookie, ...origin } = session ?? {};
  const plain = { ...rest, ...(session && { session: origin }), ...(authTime !== undefined && { authTime }) };
  const place = `${model}:${hashOf(model, id).toString('base64url')}`;
  const members = Object.entries(authorizations ?? {}).map(([clientId, authorization]) => {
    const member = hashOf('member', clientId).toString('base64url');
    return [member, vault.seal(JSON.stringify([clientId, authorization]), `${place}:${member}`)] as const;
  });
  return {
    // The id itself is needed again when one is found by another name; only who holds the keys can read it.
    payload: vault.seal(JSON.stringify({ ...plain, ...(NAMED.includes(model) && { jti: id }) }), place),
    members: Object.fromEntries(members),
    grant: payload.grantId === undefined ? undefined : hashOf('grant', payload.grantId),
    uid: payload.uid === undefined ? undefined : hashOf('uid', payload.uid),
    leads: BOUND.includes(model) && payload.grantId !== undefined ? hashOf('Grant', payload.grantId) : undefined,
    userCode: payload.userCode === undefined ? undefined : hashOf('userCode', payload.userCode),
    expiresAt: payload.exp === undefined ? undefined : payload.exp * 1000,
  };
}

type Stored = { readonly artifact: Artifact; readonly id: string | undefined; readonly vault: Vault };

function read(model: string, { artifact, id, vault }: Stored): AdapterPayload {
  const place = `${model}:${artifact.key.toString('base64url')}`;
  const payload = JSON.parse(vault.open(artifact.payload, place)) as AdapterPayload;
  if (id !== undefined) payload.jti = id;
  const members = Object.entries(artifact.members).map(
    ([member, sealed]) => JSON.parse(vault.open(sealed, `${place}:${member}`)) as [string, object],
  );
  if (members.length > 0) payload.authorizations = Object.fromEntries(members);
  if (artifact.consumedAt !== undefined) payload['consumed'] = Math.floor(artifact.consumedAt / 1000);
  return payload;
}

/** A session of somebody who is blocked, from before a revocation, or that was ended, is none (LIBRARY, revocation epoch). */
async function stands(
  { sessions }: Pick<Needs, 'sessions'>,
  { accountId, uid, loginTs }: AdapterPayload,
): Promise<boolean> {
  if (accountId === undefined) return true;
  if (uid === undefined || loginTs === undefined) return false;
  const standing = await sessions.standing(accountId, uid);
  return standing?.status === 'active' && standing.endedAt === undefined && loginTs >= standing.revokedUntil;
}
