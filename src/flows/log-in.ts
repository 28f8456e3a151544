import { acr, mayLogIn, type Account, type Strength } from '../domain/account.ts';
import { mustChange } from '../domain/clave-state.ts';
import { codeFrom, MAILED_CODE } from '../domain/code.ts';
import { normalPassword } from '../domain/password.ts';
import { parseRun } from '../domain/run.ts';
import type { AskedBy } from '../domain/notice.ts';
import { keysForgiven, keysOfKnown, keysOfUnknown, type Key } from '../domain/throttle.ts';
import type { Parts } from '../parts.ts';
import { lettersOf } from './notice.ts';

export type SignedIn = {
  readonly kind: 'signed-in';
  readonly accountId: string;
  readonly acr: string;
  readonly amr: readonly string[];
  /** Seconds; never before a revocation, which would end the new session too. */
  readonly at: number;
};
/** She has a second factor, and is asked for it at every login. Nothing of the login is recorded yet. */
export type FactorWanted = { readonly kind: 'factor'; readonly accountId: string };
/**
 * Somebody else may know her ClaveÚnica, so that it proves nothing: she has to choose another one first. `proved`:
 * what else has shown that it is her; without that she goes by recovery. Nothing of the login is recorded yet.
 */
export type ChangeWanted = {
  readonly kind: 'change';
  readonly accountId: string;
  readonly proved?: Proved & { readonly by: 'mail' | 'factor' };
};
export type LogIn =
  | SignedIn
  | FactorWanted
  | ChangeWanted
  | { readonly kind: 'refused'; readonly reason: 'malformed-run' | 'missing-password' | 'wrong-credentials' }
  /** One more step is wanted. Says nothing of whether the password was right. */
  | { readonly kind: 'step' }
  | { readonly kind: 'wait'; readonly until: number };

export type Needs = Pick<
  Parts,
  | 'accounts'
  | 'afterwards'
  | 'attempts'
  | 'audit'
  | 'chance'
  | 'hasher'
  | 'logins'
  | 'clock'
  | 'switches'
  | 'transaction'
>;
/** Who asks, from where, for what. */
export type Asker = {
  readonly shared: boolean;
  readonly device: string;
  readonly deviceName: string;
  readonly network: string;
  readonly source: string;
  readonly clientId: string;
  /** The institution's name. */
  readonly site: string;
  /** The page that asks: a code is worth something there alone. */
  readonly uid: string;
  readonly requestId: string;
  /** Of the page. */
  readonly lang?: string | undefined;
};
/** For letters: what a person recognises. */
export const askedBy = ({ deviceName, network, site }: AskedBy): AskedBy => ({ deviceName, network, site });
export type LogInForm = Asker & { readonly run: string; readonly password: string };

/** One path for everyone: known and unknown RUNs make the same calls in the same order up to the verdict. */
export async function logIn(parts: Needs, form: LogInForm): Promise<LogIn> {
  const run = parseRun(form.run);
  if (!run) return { kind: 'refused', reason: 'malformed-run' };
  if (form.password === '') return { kind: 'refused', reason: 'missing-password' };
  const password = normalPassword(form.password);
  if (password === undefined) return { kind: 'refused', reason: 'wrong-credentials' };

  const now = parts.clock();
  const { known, spent, found } = await parts.logins.attempt(run, form, now);
  const keys = known ? keysOfKnown(run, form) : keysOfUnknown(run, form);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'login-throttled', ...trailOf(form, now) });
    return spent;
  }

  const calledInAt = (await parts.switches.since()).get('secrets-staged');
  const right = await parts.hasher
    .verify(found?.secret, password, known ? 'first' : undefined)
    .catch(async (error: unknown) => {
      // Too busy to look: that was no try.
      await parts.attempts.giveBack(keys, now);
      throw error;
    });
  const account = right && found && mayLogIn(found.account) ? found.account : undefined;
  if (spent.kind === 'step') return askForStep(parts, { form, account, now });
  if (!account || !found?.secret) {
    await parts.audit.add({ kind: 'login-refused', ...trailOf(form, now), accountId: found?.account.id });
    return { kind: 'refused', reason: 'wrong-credentials' };
  }

  const { secret } = found;
  const login = { account, asker: form, now };
  const outcome = found.secondFactor
    ? await wantFactor(parts, login)
    : mustChange(found.clave, calledInAt)
      ? await wantChange(parts, login)
      : await letIn(parts, login, { known, forgiven: keysForgiven(run, keys) });
  if (parts.hasher.isStale(secret))
    parts.afterwards(async () => {
      const fresh = await parts.hasher.hash(password, 'idle');
      await parts.accounts.replaceSecret(account.id, secret, fresh);
    });
  return outcome;
}

async function letIn(parts: Needs, login: Login, counted: Counted): Promise<SignedIn> {
  await recordLogin(parts, login, { ...PASSWORD, ...counted });
  return signedIn(login.account, login.now);
}

/** The try stays counted until the factor is there too: else the right password would forgive wrong codes. */
export async function wantFactor(parts: Pick<Parts, 'audit'>, { account, asker, now }: Login): Promise<FactorWanted> {
  await parts.audit.add({ kind: 'factor-asked', ...trailOf(asker, now), accountId: account.id });
  return { kind: 'factor', accountId: account.id };
}

/** The try stays counted here too: the recovery forgives it. */
export async function wantChange(
  parts: Pick<Parts, 'audit'>,
  { account, asker, now }: Login,
  proved?: ChangeWanted['proved'],
): Promise<ChangeWanted> {
  const details = { proved: proved?.by ?? 'password' };
  await parts.audit.add({ kind: 'change-asked', ...trailOf(asker, now), accountId: account.id, details });
  return { kind: 'change', accountId: account.id, ...(proved && { proved }) };
}

const trailOf = ({ clientId, requestId, network }: Asker, at: number) => ({ at, clientId, requestId, network });

/** How she proved herself, in the names of `acr` and `amr`. */
export type Proved = { readonly strength: Strength; readonly amr: readonly string[] };
export const PASSWORD: Proved = { strength: '1f', amr: ['pwd'] };

/** An e-mailed code never counts as a second factor, so a step changes nothing of this. */
export const signedIn = (account: Account, now: number, { strength, amr } = PASSWORD): SignedIn => ({
  kind: 'signed-in',
  accountId: account.id,
  acr: acr(account.identified, strength),
  amr,
  at: Math.max(Math.floor(now / 1000), account.revokedUntil),
});

/** What a code is bound to: this browser, at this page. */
export const bindingOf = ({ uid, device }: Pick<Asker, 'uid' | 'device'>): string => `${uid}|${device}`;

type Step = { readonly form: LogInForm; readonly account: Account | undefined; readonly now: number };

/**
 * The password was looked at, and nobody is told how it was. Whoever knew it gets a code by mail; for all others the
 * same rows are written, and the letter goes to nobody. So guessing shows nothing, costs the owner no letters, and her
 * new device is in within two minutes (R-21, R-26, decision 16).
 */
async function askForStep(parts: Needs, { form, account, now }: Step): Promise<LogIn> {
  const mailed = account?.person.emailVerified && account.person.email !== undefined ? account.id : undefined;
  const { length, lifetime, perHour, perDay } = MAILED_CODE;
  const code = codeFrom(Buffer.from(parts.chance(length), 'base64url'), length);
  await parts.transaction(async (tx) => {
    const binding = bindingOf(form);
    const accountId = await tx.codes.issue({
      purpose: 'sign-in',
      binding,
      accountId: mailed,
      code,
      now,
      lifetime,
      perHour,
      perDay,
    });
    const { lang } = form;
    await tx.outbox.add({
      letter: 'sign-in-code',
      ...{ code, accountId, at: now, until: now + lifetime, asker: askedBy(form), lang },
    });
    await tx.audit.add({ kind: 'step-asked', ...trailOf(form, now), accountId });
  });
  return { kind: 'step' };
}

type Login = { readonly account: Account; readonly asker: Asker; readonly now: number };

/** Whether the device was hers, and what her success takes back. */
type Counted = { readonly known?: boolean; readonly forgiven?: readonly Key[] };

/** The record, the device and the letter about a new one come together or not at all. A shared computer is nobody's device. */
export async function recordLogin(
  parts: Pick<Parts, 'chance' | 'logins'>,
  { account, asker, now: at }: Login,
  { amr, known = false, forgiven = [] }: Pick<Proved, 'amr'> & Counted = PASSWORD,
): Promise<void> {
  const { shared, device, deviceName: name } = asker;
  const { id: accountId, person } = account;
  const trail = { ...trailOf(asker, at), accountId };
  await parts.logins.record({
    ...{ run: person.run, at, known, forgiven },
    device: shared ? undefined : { device, name },
    event: { kind: 'login-succeeded', ...trail, details: { amr: amr.join(' '), shared } },
    fresh: () => ({
      event: { kind: 'new-device', ...trail },
      letters: lettersOf(parts, { event: 'new-device', accountId, person, at, asker: askedBy(asker) }),
    }),
  });
}
