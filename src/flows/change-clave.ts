import { normalPassword } from '../domain/password.ts';
import { keysForgiven, keysOfCurrent, keysOfKnown, keysOfUnknown } from '../domain/throttle.ts';
import type { Parts } from '../parts.ts';
import { chooseClave, type ClaveProblem } from './choose-clave.ts';
import { tell } from './notice.ts';
import { askedBy, trailOf, type Owner } from './owner.ts';
import { liveSessions, tellLogouts } from './sessions.ts';

export type ClaveChange = { readonly current: string; readonly password: string; readonly again: string };
export type ClaveChanged =
  /** `second`: the own session counts from then on; seconds. */
  | { readonly kind: 'changed'; readonly second: number }
  | { readonly kind: 'current'; readonly reason: 'missing' | 'wrong' }
  | { readonly kind: 'wait'; readonly until: number }
  | ({ readonly kind: 'refused' } & ClaveProblem);

type Needs = Pick<
  Parts,
  | 'accounts'
  | 'attempts'
  | 'audit'
  | 'chance'
  | 'clock'
  | 'devices'
  | 'hasher'
  | 'jobs'
  | 'sessions'
  | 'strength'
  | 'transaction'
>;

/**
 * A new ClaveÚnica by who knows the old one. All other sessions, grants and tokens end by the account's own date in
 * Postgres, so that a sign-in with the old one that is under way ends too; codes that are open die; every address is
 * told. The own session is the one that goes on.
 */
export async function changeClave(parts: Needs, owner: Owner, change: ClaveChange): Promise<ClaveChanged> {
  const proved = await proveCurrent(parts, owner, change.current);
  if (proved.kind !== 'proved') return proved;
  const { account, links, uid } = owner;
  const chosen = await chooseClave(parts, { password: change.password, again: change.again, own: account.person });
  if (chosen.kind === 'refused') return chosen;
  if (change.password.normalize('NFKC') === change.current.normalize('NFKC'))
    return { kind: 'refused', reason: 'same', minimum: parts.strength.minimum };

  const now = parts.clock();
  const second = Math.floor(now / 1000) + 1;
  const others = (await liveSessions(parts, account.id)).filter((session) => session.uid !== uid);
  const told = (await Promise.all(others.map((other) => links.of(other.uid)))).flat();
  // First: after the revocation nobody would find it any more.
  await links.renew(uid, second);
  await parts.transaction(async (tx) => {
    await tx.accounts.setSecret(account.id, chosen.secret, { at: now });
    await tx.accounts.revokeUntil(account.id, second);
    await tx.sessions.endAll(account.id, now, uid);
    await tx.codes.endOf(account.id, ['sign-in', 'recovery'], now);
    await tx.journeys.endOf(account.id, { kinds: ['recovery'] });
    await tx.audit.add({ kind: 'password-changed', ...trailOf(owner, now) });
    const { id: accountId, person } = account;
    await tell(tx, parts, { event: 'password-changed', accountId, person, at: now, asker: askedBy(owner) });
  });
  await tellLogouts(parts, account.id, told);
  return { kind: 'changed', second };
}

type Proof = { readonly kind: 'proved' } | Extract<ClaveChanged, { kind: 'current' | 'wait' }>;

/** Wrong ones count where wrong passwords do, and in this session besides; whoever must wait there waits here. */
async function proveCurrent(parts: Needs, owner: Owner, typed: string): Promise<Proof> {
  if (typed === '') return { kind: 'current', reason: 'missing' };
  const password = normalPassword(typed);
  if (password === undefined) return { kind: 'current', reason: 'wrong' };
  const { run } = owner.account.person;
  const now = parts.clock();
  const known = await parts.devices.knows(owner.device, run);
  const keys = keysOfCurrent(run, owner.uid, known ? keysOfKnown(run, owner) : keysOfUnknown(run, owner));
  const spent = await parts.attempts.spend(keys, now);
  if (spent.kind === 'wait') return spent;
  // A step would be asked for at signing in: whoever is here has passed it.
  const found = await parts.accounts.forLogin(run);
  const right = await parts.hasher.verify(found?.secret, password, 'first').catch(async (error: unknown) => {
    await parts.attempts.giveBack(keys, now);
    throw error;
  });
  if (right) {
    await parts.attempts.forgive(keysForgiven(run, keys), now);
    return { kind: 'proved' };
  }
  await parts.audit.add({ kind: 'password-refused', ...trailOf(owner, now) });
  return { kind: 'current', reason: 'wrong' };
}
