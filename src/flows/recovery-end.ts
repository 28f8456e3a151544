import { mayRecover, type Account } from '../domain/account.ts';
import { STAGE, type RecoveryStage } from '../domain/journey.ts';
import type { Key } from '../domain/throttle.ts';
import type { Parts } from '../parts.ts';
import { keepSavedCodes, newSavedCodes } from './change-factors.ts';
import { chooseClave, tryClave, type ClaveProblem, type Tried } from './choose-clave.ts';
import { knownToOthers } from './forced-change.ts';
import { tell } from './notice.ts';
import { askedByOf, trailOf, type Passer } from './passing.ts';
import { recoveryOf } from './recovery.ts';
import { proveFactor, type FactorNeeds } from './second-factor.ts';

type FactorProof = Awaited<ReturnType<typeof proveFactor>>;
/** The stage is another, or over, or the account may no more. */
type Gone = { readonly kind: 'gone' };

type FactorEntry = {
  readonly id: string | undefined;
  readonly typed?: string | undefined;
  readonly assertion?: string | undefined;
};

/** What a passkey's challenge is bound to. */
export const placeOfRecovery = (id: string): string => `recovery|${id}`;

/** Whoever has a second factor is asked for it here too: a mailbox alone never opens her account. */
export async function proveRecoveryFactor(
  parts: FactorNeeds & Pick<Parts, 'journeys'>,
  passer: Passer,
  { id, typed, assertion }: FactorEntry,
): Promise<Exclude<FactorProof, { kind: 'proved' }> | { readonly kind: 'proved' } | Gone> {
  const journey = await recoveryOf(parts, id);
  if (journey?.stage.at !== 'factor') return { kind: 'gone' };
  const { accountId, run, origin } = journey.stage;
  const proof = await proveFactor(parts, {
    ...{ accountId, typed, assertion, place: placeOfRecovery(journey.id) },
    asker: { ...passer, clientId: origin?.clientId },
  });
  if (proof.kind !== 'proved') return proof;
  const now = parts.clock();
  const state: RecoveryStage = { at: 'clave', run, origin, accountId, factor: true, left: proof.left };
  const step = {
    kind: 'recovery',
    id: journey.id,
    was: journey.version,
    state,
    until: now + STAGE.chosen,
    now,
  } as const;
  return (await parts.journeys.move(step)) ? { kind: 'proved' } : { kind: 'gone' };
}

type EndNeeds = Pick<
  Parts,
  | 'accounts'
  | 'attempts'
  | 'chance'
  | 'clients'
  | 'clock'
  | 'factors'
  | 'hasher'
  | 'journeys'
  | 'strength'
  | 'switches'
  | 'transaction'
>;
type AtClave = {
  readonly id: string;
  readonly version: number;
  readonly stage: RecoveryStage & { at: 'clave' };
  readonly account: Account;
};

/** Who stands before the last step; undefined when she does not, or somebody has closed the account meanwhile. */
async function atClave(
  parts: Pick<Parts, 'accounts' | 'clock' | 'factors' | 'journeys'>,
  id: string | undefined,
): Promise<AtClave | undefined> {
  const journey = await recoveryOf(parts, id);
  if (journey?.stage.at !== 'clave') return undefined;
  const { stage } = journey;
  const account = await parts.accounts.byId(stage.accountId);
  if (!account || !mayRecover(account)) return undefined;
  // One that was added since must be asked for too.
  if (!stage.factor && (await parts.factors.of(account.id)).length > 0) return undefined;
  return { id: journey.id, version: journey.version, stage, account };
}

/** «Comprobar». */
export async function tryRecoveryClave(
  parts: EndNeeds,
  { id, password }: { readonly id: string | undefined; readonly password: string },
): Promise<Tried | Gone> {
  const journey = await atClave(parts, id);
  return journey ? tryClave(parts, { password, own: journey.account.person }) : { kind: 'gone' };
}

export type Recovered =
  /** `codes`: she used a saved one, and new ones are offered. */
  | { readonly kind: 'recovered'; readonly next: 'codes' | 'done' }
  | ({ readonly kind: 'refused' } & ClaveProblem)
  | Gone;
type Wish = { readonly id: string | undefined; readonly password: string; readonly again: string };

/**
 * The new ClaveÚnica, and the end of all else: sessions, grants and tokens from before by the account's own date in
 * Postgres, other journeys, codes, and what guessing by others had closed. In one transaction.
 */
export async function recover(parts: EndNeeds, passer: Passer, wish: Wish): Promise<Recovered> {
  const journey = await atClave(parts, wish.id);
  if (!journey) return { kind: 'gone' };
  const { id, version, stage, account } = journey;
  const { person } = account;
  const but = await knownToOthers(parts, person.run);
  const chosen = await chooseClave(parts, { password: wish.password, again: wish.again, own: person, but });
  if (chosen.kind === 'refused') return chosen;
  const now = parts.clock();
  const accountId = account.id;
  const asker = await askedByOf(parts, passer, stage.origin);
  const state = afterClave(parts, stage);
  const done = await parts.transaction(async (tx) => {
    if (
      !(await tx.journeys.move({ kind: 'recovery', id, was: version, state, until: now + STAGE[LASTS[state.at]], now }))
    )
      return false;
    await tx.accounts.setSecret(accountId, chosen.secret, { at: now, recovered: true });
    await tx.accounts.moveStatus(accountId, { from: ['paused'], to: 'active', at: now });
    await tx.accounts.revokeUntil(accountId, Math.floor(now / 1000) + 1);
    await tx.sessions.endAll(accountId, now);
    await tx.journeys.endOf(accountId, { but: id });
    await tx.codes.endOf(accountId, ['sign-in', 'recovery', 'contact-change'], now);
    const details = { factor: stage.factor };
    await tx.audit.add({ kind: 'recovery-used', ...trailOf(passer, now, stage.origin), accountId, details });
    await tell(tx, parts, { event: 'recovered', accountId, person, at: now, asker });
    return true;
  });
  if (!done) return { kind: 'gone' };
  await parts.attempts.clear(blocksOf(account, passer));
  return { kind: 'recovered', next: state.at };
}

const LASTS = { codes: 'chosen', done: 'done' } as const;

/** Who came in by a saved code may have lost what it stands in for: she is not let go without new ones. */
function afterClave(
  parts: Pick<Parts, 'chance'>,
  { origin, run, accountId, left }: AtClave['stage'],
): RecoveryStage & { at: 'codes' | 'done' } {
  if (left === undefined) return { at: 'done', origin };
  return { at: 'codes', origin, run, accountId, left, codes: newSavedCodes(parts) };
}

type Codes = { readonly id: string | undefined; readonly kept: boolean };

/** Either she has written them down, and those before are over; or she goes on with what is left. */
export async function leaveCodes(
  parts: Parameters<typeof keepSavedCodes>[1] & Pick<Parts, 'clients' | 'journeys'>,
  passer: Passer,
  { id, kept }: Codes,
): Promise<{ readonly kind: 'left' } | Gone> {
  const journey = await recoveryOf(parts, id);
  if (journey?.stage.at !== 'codes') return { kind: 'gone' };
  const { accountId, codes, origin } = journey.stage;
  const now = parts.clock();
  const { site } = await askedByOf(parts, passer, origin);
  const changer = { accountId, asker: { ...passer, site, clientId: origin?.clientId } };
  const done = await parts.transaction(async (tx) => {
    const state: RecoveryStage = { at: 'done', origin };
    const step = {
      kind: 'recovery',
      id: journey.id,
      was: journey.version,
      state,
      until: now + STAGE.done,
      now,
    } as const;
    // Who was blocked meanwhile has nothing to change.
    const account = await tx.accounts.byId(accountId);
    if (!account || !mayRecover(account) || !(await tx.journeys.move(step))) return false;
    if (kept) await keepSavedCodes(tx, parts, { changer, codes });
    return true;
  });
  return { kind: done ? 'left' : 'gone' };
}

/** What keeps somebody out who has forgotten her ClaveÚnica, here and wherever others have guessed. */
const blocksOf = ({ person: { run } }: Account, { device, network }: Passer): readonly Key[] => [
  { context: 'known-device', id: `${run}|${device}` },
  { context: 'unknown-network', id: `${run}|${network}` },
  { context: 'unknown-hour', id: run },
  { context: 'unknown-ever', id: run },
];
