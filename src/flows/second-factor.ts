import { parseCode } from '../domain/code.ts';
import { amrOf, parseTotp, SAVED_CODE, strengthOf, type Method } from '../domain/factor.ts';
import { keysForgiven, keysOfFactor, keysOfKnown, keysOfUnknown, ownOfFactor } from '../domain/throttle.ts';
import { mayLogIn, type Strength } from '../domain/account.ts';
import type { Parts } from '../parts.ts';
import { mustChangeClave } from './forced-change.ts';
import { recordLogin, signedIn, wantChange, type Asker, type ChangeWanted, type SignedIn } from './log-in.ts';

export type FactorNeeds = Pick<
  Parts,
  'accounts' | 'attempts' | 'audit' | 'clock' | 'devices' | 'factors' | 'oneTimeCodes' | 'passkeys'
>;
/** From where somebody proves herself; on pages of our own there is no client. */
export type FactorAsker = Pick<Asker, 'device' | 'network' | 'source' | 'requestId'> & {
  readonly clientId?: string | undefined;
};
export type FactorTry = {
  readonly accountId: string;
  /** TOTP or a saved code, in any spelling. */
  readonly typed?: string | undefined;
  /** What `navigator.credentials.get` gave, in JSON, for a challenge of `place`. */
  readonly assertion?: string | undefined;
  readonly place?: string | undefined;
  /** The right password that was counted as a try of the same person, and is forgiven with this; of each another. */
  readonly afterPassword?: string;
  readonly asker: FactorAsker;
};
export type FactorProved = {
  readonly kind: 'proved';
  readonly method: Method;
  readonly strength: Strength;
  /** Beside whatever else was proved (RFC 8176). */
  readonly amr: readonly string[];
  /** How many saved codes are left, when it was one. */
  readonly left: number | undefined;
};
export type FactorProof =
  FactorProved | { readonly kind: 'refused' } | { readonly kind: 'wait'; readonly until: number };

/**
 * A second factor of somebody who has proved something else before. Wrong tries count where wrong passwords do,
 * and all unknown contexts of a person together, so that six digits stay enough. The first one after a right password
 * does not wait for the wrong ones before it: that password has waited already. Where guessing of passwords asks for a
 * mailed code on top, nothing more is asked here: who came so far has passed that step.
 * The caller knows that the account may do what comes next; a blocked one may recover.
 */
export async function proveFactor(parts: FactorNeeds, attempt: FactorTry): Promise<FactorProof> {
  const { accountId, asker } = attempt;
  const now = parts.clock();
  const { clientId, requestId, network } = asker;
  const trail = { at: now, accountId, clientId, requestId, network };
  const account = await parts.accounts.byId(accountId);
  if (!account) return { kind: 'refused' };
  const { run } = account.person;
  const known = await parts.devices.knows(asker.device, run);
  const keys = known ? keysOfKnown(run, asker) : keysOfFactor(run, asker);
  const isFirst = await firstAfter(parts, attempt.afterPassword, now);
  const asked = isFirst ? keys.filter(ownOfFactor) : keys;
  const spent = await parts.attempts.spend(asked, now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'factor-throttled', ...trail });
    return spent;
  }
  const proof = await judge(parts, attempt, now);
  if (!proof) {
    // Where it did not wait it counts all the same, unless all have to wait there.
    if (isFirst)
      await parts.attempts.spend(
        keys.filter((key) => !ownOfFactor(key)),
        now,
      );
    await parts.audit.add({ kind: 'factor-refused', ...trail });
    return { kind: 'refused' };
  }
  const { method, synced, left } = proof;
  const entered = known ? keysOfKnown(run, asker) : keysOfUnknown(run, asker);
  const before = attempt.afterPassword === undefined ? [] : entered;
  await parts.attempts.forgive(keysForgiven(run, [...asked, ...before]), now);
  await parts.audit.add({ kind: 'factor-proved', ...trail, details: { method } });
  return { kind: 'proved', method, strength: strengthOf(method), amr: amrOf(method, synced), left };
}

/** Of several at once it is one. */
const firstAfter = async ({ attempts }: FactorNeeds, password: string | undefined, now: number): Promise<boolean> =>
  password !== undefined && (await attempts.spend([{ context: 'proof', id: password }], now)).kind === 'go';

type Judged = { readonly method: Method; readonly synced?: boolean; readonly left?: number };

async function judge(parts: FactorNeeds, attempt: FactorTry, now: number): Promise<Judged | undefined> {
  const { accountId, typed = '', assertion, place, asker } = attempt;
  if (assertion !== undefined && place !== undefined) {
    const passkey = await usePasskey(parts, { assertion, place, asker });
    return passkey?.accountId === accountId ? { method: 'passkey', synced: passkey.synced } : undefined;
  }
  const code = parseTotp(typed);
  if (code !== undefined) return (await useTotp(parts, { accountId, code, now })) ? { method: 'totp' } : undefined;
  const saved = parseCode(typed, SAVED_CODE.length);
  const left = saved === undefined ? undefined : await parts.factors.useSavedCode(accountId, saved);
  return left === undefined ? undefined : { method: 'saved-code', left };
}

type TypedCode = { readonly accountId: string; readonly code: string; readonly now: number };

async function useTotp({ factors, oneTimeCodes }: FactorNeeds, { accountId, code, now }: TypedCode): Promise<boolean> {
  const totp = await factors.totp(accountId);
  const step = totp && (await oneTimeCodes.stepOf(totp.secret, code, now));
  return step !== undefined && factors.useTotp(accountId, step, now);
}

type PasskeyTry = {
  readonly assertion: string;
  readonly place: string;
  readonly asker: FactorAsker;
};
type UsedPasskey = { readonly accountId: string; readonly synced: boolean };

/**
 * Whose passkey it was: for a challenge of this place that nobody has answered before, of our origin, with the user
 * verified, and counted further than the last time (WebAuthn §7.2). Undefined for all else.
 */
export async function usePasskey(
  { audit, clock, factors, passkeys }: Pick<FactorNeeds, 'audit' | 'clock' | 'factors' | 'passkeys'>,
  { assertion: json, place, asker }: PasskeyTry,
): Promise<UsedPasskey | undefined> {
  const now = clock();
  const assertion = passkeys.readAssertion(json);
  const until = assertion && passkeys.endOf(assertion.challenge, place, now);
  // Spent before anything is judged: of several that answer it at once one is looked at.
  if (!assertion || until === undefined || !(await factors.spend(assertion.challenge, until))) return undefined;
  const passkey = await factors.passkey(assertion.credentialId);
  if (!passkey || assertion.handle !== passkey.handle) return undefined;
  const verified = await passkeys.verify(assertion, passkey);
  if (!verified) return undefined;
  const { accountId, credentialId, synced } = passkey;
  if (await factors.usePasskey({ credentialId, ...verified, at: now })) return { accountId, synced };
  // A copy of the key may be about: it opens nothing, and somebody should look.
  const { clientId, requestId, network } = asker;
  const counts = { counter: verified.counter, before: passkey.counter };
  await audit.add({ kind: 'passkey-regressed', at: now, accountId, clientId, requestId, network, details: counts });
  return undefined;
}

/** After how long the password has to be typed again; milliseconds. */
const PASSWORD_PROVED = 15 * 60_000;

export type EnterFactor = Omit<FactorTry, 'asker'> & {
  readonly asker: Asker;
  /** When the password was proved; milliseconds. */
  readonly provedAt: number;
};
export type FactorEntered =
  | ChangeWanted
  | (SignedIn & { readonly left: number | undefined })
  | Exclude<FactorProof, FactorProved>
  /** The password was too long ago, or the account cannot sign in any more. */
  | { readonly kind: 'over' };

/** After the password: with her factor she is in, and what was counted against her is forgiven. */
export async function enterFactor(
  parts: FactorNeeds & Pick<Parts, 'chance' | 'logins' | 'switches'>,
  attempt: EnterFactor,
): Promise<FactorEntered> {
  const { accountId, asker, provedAt } = attempt;
  const now = parts.clock();
  const account = await parts.accounts.byId(accountId);
  const over = now >= provedAt + PASSWORD_PROVED || provedAt / 1000 < (account?.revokedUntil ?? 0) - 1;
  if (!account || !mayLogIn(account) || over) return { kind: 'over' };
  const proof = await proveFactor(parts, { ...attempt, afterPassword: `${accountId}|${asker.uid}|${provedAt}` });
  if (proof.kind !== 'proved') return proof;
  const proved = { strength: proof.strength, amr: ['pwd', ...proof.amr] };
  if (await mustChangeClave(parts, accountId))
    return wantChange(parts, { account, asker, now }, { ...proved, by: 'factor' });
  await recordLogin(parts, { account, asker, now }, proved);
  return { ...signedIn(account, now, proved), left: proof.left };
}
