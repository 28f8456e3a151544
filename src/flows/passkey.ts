import { mayLogIn } from '../domain/account.ts';
import { amrOf, CHALLENGE_LIFE, strengthOf } from '../domain/factor.ts';
import type { Options } from '../gateways/passkeys.ts';
import type { Parts } from '../parts.ts';
import { mustChangeClave } from './forced-change.ts';
import {
  bindingOf,
  recordLogin,
  signedIn,
  wantChange,
  type Asker,
  type ChangeWanted,
  type SignedIn,
} from './log-in.ts';
import { usePasskey, type FactorNeeds } from './second-factor.ts';

export type PasskeyLogIn =
  SignedIn | ChangeWanted | { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly until: number };

/** Where a challenge is worth something: this browser, at this page, for this purpose, and this person when she is known. */
export const placeOf = (purpose: 'sign-in' | 'factor' | 'add', at: Pick<Asker, 'uid' | 'device'>, accountId = '') =>
  `${purpose}|${bindingOf(at)}|${accountId}`;

/** For `navigator.credentials.get`. Nothing is stored, and nothing of anybody is in it. */
export const askForPasskey = ({ clock, passkeys }: Pick<Parts, 'clock' | 'passkeys'>, place: string): Options =>
  passkeys.requestOptions(passkeys.challenge(place, clock() + CHALLENGE_LIFE));

type Needs = FactorNeeds & Pick<Parts, 'chance' | 'logins' | 'switches'>;

/**
 * In by a passkey alone, without a RUN: the device verified who holds it, so it is both factors at once. It cannot
 * be guessed, so waits that guessing has brought upon a RUN do not stand in its owner's way (R-21, decision 16); what
 * comes from one address is slowed down like all else.
 */
export async function signInWithPasskey(parts: Needs, asker: Asker, assertion: string): Promise<PasskeyLogIn> {
  const now = parts.clock();
  const { clientId, requestId, network, source } = asker;
  const trail = { at: now, clientId, requestId, network };
  const keys = [{ context: 'source', id: source }] as const;
  const spent = await parts.attempts.spend(keys, now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'login-throttled', ...trail });
    return spent;
  }
  const used = await usePasskey(parts, { assertion, place: placeOf('sign-in', asker), asker });
  const account = used && (await parts.accounts.byId(used.accountId));
  if (!used || !account || !mayLogIn(account)) {
    await parts.audit.add({ kind: 'login-refused', ...trail, accountId: account?.id, details: { method: 'passkey' } });
    return { kind: 'refused' };
  }
  await parts.attempts.forgive([...keys, { context: 'unknown-ever', id: account.person.run }], now);
  const proved = { strength: strengthOf('passkey'), amr: amrOf('passkey', used.synced) };
  if (await mustChangeClave(parts, account.id))
    return wantChange(parts, { account, asker, now }, { ...proved, by: 'factor' });
  await recordLogin(parts, { account, asker, now }, proved);
  return signedIn(account, now, proved);
}
