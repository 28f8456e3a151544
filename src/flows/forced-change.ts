import { mayLogIn, type Account, type Secret } from '../domain/account.ts';
import { mustChange } from '../domain/clave-state.ts';
import type { Run } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import { chooseClave, tryClave, type ClaveProblem, type Tried } from './choose-clave.ts';
import { askedBy, recordLogin, signedIn, type Asker, type ChangeWanted, type SignedIn } from './log-in.ts';
import { tell } from './notice.ts';

/** Whether her ClaveÚnica proves anything: not when there is evidence that it is known, or all were called in. */
export async function mustChangeClave(
  { accounts, switches }: Pick<Parts, 'accounts' | 'switches'>,
  accountId: string,
): Promise<boolean> {
  return mustChange(await accounts.clave(accountId), (await switches.since()).get('secrets-staged'));
}

/** The one that others know, or of which its owner feared so when she blocked her account: nobody chooses it once more. */
export async function knownToOthers(
  { accounts, switches }: Pick<Parts, 'accounts' | 'switches'>,
  run: Run,
): Promise<Secret | undefined> {
  const found = await accounts.forLogin(run);
  if (!found) return undefined;
  const known = mustChange(found.clave, (await switches.since()).get('secrets-staged'));
  return known || found.account.status === 'paused' ? found.secret : undefined;
}

/** After how long she has to sign in once more; milliseconds. */
const PROVED = 15 * 60_000;

type Needs = Pick<
  Parts,
  'accounts' | 'attempts' | 'chance' | 'clock' | 'hasher' | 'logins' | 'strength' | 'switches' | 'transaction'
>;
export type Changer = {
  readonly accountId: string;
  readonly proved: NonNullable<ChangeWanted['proved']>;
  /** When she did; milliseconds. */
  readonly provedAt: number;
  readonly asker: Asker;
};
/** Too long ago, done meanwhile, or the account cannot sign in any more. */
type Over = { readonly kind: 'over' };

/** Whose ClaveÚnica is to be chosen; undefined when that is over. */
export async function forcedOwner(
  parts: Pick<Parts, 'accounts' | 'clock' | 'switches'>,
  { accountId, provedAt }: Pick<Changer, 'accountId' | 'provedAt'>,
): Promise<Account | undefined> {
  const account = await parts.accounts.byId(accountId);
  const late = parts.clock() >= provedAt + PROVED || provedAt / 1000 < (account?.revokedUntil ?? 0) - 1;
  if (!account || !mayLogIn(account) || late) return undefined;
  return (await mustChangeClave(parts, accountId)) ? account : undefined;
}

/** «Comprobar». */
export async function tryForcedClave(
  parts: Needs,
  changer: Changer,
  { password }: { readonly password: string },
): Promise<Tried | Over> {
  const account = await forcedOwner(parts, changer);
  return account ? tryClave(parts, { password, own: account.person }) : { kind: 'over' };
}

export type ForcedChange = SignedIn | ({ readonly kind: 'refused' } & ClaveProblem) | Over;

/**
 * Another ClaveÚnica in place of one that somebody else may know, by who has proved more than that one; all else of the
 * account ends, and she is in. By mail it counts as a recovery by mail. Two tabs do not choose two.
 */
export async function changeForced(
  parts: Needs,
  changer: Changer,
  wish: { readonly password: string; readonly again: string },
): Promise<ForcedChange> {
  const { accountId, asker, proved } = changer;
  const account = await forcedOwner(parts, changer);
  if (!account) return { kind: 'over' };
  const { person } = account;
  const was = await knownToOthers(parts, person.run);
  const chosen = await chooseClave(parts, { ...wish, own: person, but: was });
  if (chosen.kind === 'refused') return chosen;
  const now = parts.clock();
  const second = Math.floor(now / 1000) + 1;
  const { clientId, requestId, network } = asker;
  const done = await parts.transaction(async (tx) => {
    if (!was || !(await tx.accounts.replaceSecret(accountId, was, chosen.secret))) return false;
    await tx.accounts.setSecret(accountId, chosen.secret, { at: now, recovered: proved.by === 'mail' });
    await tx.accounts.revokeUntil(accountId, second);
    await tx.sessions.endAll(accountId, now);
    await tx.codes.endOf(accountId, ['sign-in', 'recovery', 'contact-change'], now);
    await tx.journeys.endOf(accountId);
    const details = { forced: true, proved: proved.by };
    await tx.audit.add({ kind: 'password-changed', at: now, accountId, clientId, requestId, network, details });
    await tell(tx, parts, { event: 'password-changed', accountId, person, at: now, asker: askedBy(asker) });
    return true;
  });
  if (!done) return { kind: 'over' };
  await parts.attempts.forgive([{ context: 'unknown-ever', id: person.run }], now);
  await recordLogin(parts, { account, asker, now }, proved);
  return signedIn({ ...account, revokedUntil: second }, now, proved);
}
