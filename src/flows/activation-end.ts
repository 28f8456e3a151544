import type { Account, Person } from '../domain/account.ts';
import { confirmedAddresses } from '../domain/notice.ts';
import { STAGE, type ActivationStage, type SecondWay } from '../domain/journey.ts';
import type { Parts } from '../parts.ts';
import {
  activatable,
  activatedPerson,
  activationBinding,
  activationOf,
  mayActivate,
  type AtStage,
  type Gone,
} from './activation.ts';
import { chooseClave, tryClave, type ClaveProblem, type Tried } from './choose-clave.ts';
import { endCases } from './close-session.ts';
import { knownToOthers } from './forced-change.ts';
import { tell } from './notice.ts';
import { askedByOf, trailOf, type Passer } from './passing.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<
  Parts,
  | 'accounts'
  | 'attempts'
  | 'chance'
  | 'clients'
  | 'clock'
  | 'hasher'
  | 'journeys'
  | 'strength'
  | 'switches'
  | 'transaction'
>;

/** Whoever has shown both codes, with the account that will be hers, and as it was; undefined for all others. */
export async function activationAtClave(
  parts: Pick<Parts, 'accounts' | 'clock' | 'journeys'>,
  id: string | undefined,
): Promise<(AtStage<'clave'> & { readonly account: Account; readonly before: Account }) | undefined> {
  const journey = await activationOf(parts, id);
  if (journey?.stage.at !== 'clave') return undefined;
  const account = await parts.accounts.byId(journey.stage.accountId);
  const { stage } = journey;
  if (!account || !mayActivate(account, stage.renewal)) return undefined;
  return {
    ...journey,
    stage,
    account: { ...account, person: activatedPerson(account, stage.renewal) },
    before: account,
  };
}

/** «Comprobar». */
export async function tryActivationClave(
  parts: Needs,
  { id, password }: { readonly id: string | undefined; readonly password: string },
): Promise<Tried | Gone> {
  const journey = await activationAtClave(parts, id);
  return journey ? tryClave(parts, { password, own: journey.account.person }) : { kind: 'gone' };
}

export type Activated = { readonly kind: 'activated' } | ({ readonly kind: 'refused' } & ClaveProblem) | Gone;
type Wish = { readonly id: string | undefined; readonly password: string; readonly again: string };

/**
 * The account is hers: the officer's code is used up for good, and every earlier session, journey, code and case of that RUN
 * ends, all in one transaction. `gone` also when another browser has taken the code meanwhile.
 */
export async function activate(parts: Needs, passer: Passer, wish: Wish): Promise<Activated> {
  const journey = await activationAtClave(parts, wish.id);
  if (!journey) return { kind: 'gone' };
  const { id, version, stage, account, before } = journey;
  const but = await knownToOthers(parts, account.person.run);
  const chosen = await chooseClave(parts, { password: wish.password, again: wish.again, own: account.person, but });
  if (chosen.kind === 'refused') return chosen;
  const now = parts.clock();
  const asker = await askedByOf(parts, passer, stage.origin);
  const { accountId, claimant, origin, run, shared, renewal } = stage;
  const done = await undoable<boolean>(parts, async (tx, undo) => {
    // First, as in an approval: so that the two wait for each other only once.
    await tx.enrolments.lock(run);
    const state: ActivationStage = { at: 'done', origin, shared, channel: stage.channel };
    if (!(await tx.journeys.move({ kind: 'activation', id, was: version, state, until: now + STAGE.done, now })))
      return false;
    const whose = await tx.codes.finish({ purpose: 'activation', binding: activationBinding(run), claimant, now });
    // Undone, so that the journey stays where it was too.
    if (whose !== accountId) return undo(false);
    const person = confirmedBy(account.person, stage.channel);
    // An officer may have blocked it meanwhile.
    const opened = { from: activatable(renewal), to: 'active', at: now } as const;
    if (!(await tx.accounts.moveStatus(accountId, opened))) return undo(false);
    const { secret } = chosen;
    await tx.accounts.activate(accountId, { secret, person, at: now, identified: renewal?.identified });
    // She was identified again: what she had before may be what she has lost.
    await tx.factors.removeAll(accountId);
    await tx.accounts.revokeUntil(accountId, Math.floor(now / 1000) + 1);
    await tx.sessions.endAll(accountId, now);
    await tx.journeys.endOf(accountId, { but: id });
    await tx.codes.endOf(accountId, EVERY, now);
    const [used] = (await tx.enrolments.ofRun(run)).filter((one) => one.stage === 'code-issued');
    if (used && !(await tx.enrolments.move(used, { move: 'activate', by: { kind: 'citizen' }, at: now })))
      return undo(false);
    if (!(await endCases(tx, run, { but: used?.id, at: now }))) return undo(false);
    const details = { channel: stage.channel, before: before.status, again: renewal !== undefined };
    await tx.audit.add({ kind: 'activation-used', ...trailOf(passer, now, origin), accountId, details });
    // Addresses that are hers no more are told too: an officer may have been deceived.
    const to = confirmedAddresses(before.person);
    await tell(tx, parts, { event: 'activated', accountId, person, at: now, asker, to });
    return true;
  });
  if (!done) return { kind: 'gone' };
  await parts.attempts.clear([
    { context: 'unknown-network', id: `${run}|${passer.network}` },
    { context: 'unknown-hour', id: run },
    { context: 'unknown-ever', id: run },
  ]);
  return { kind: 'activated' };
}

const EVERY = [
  'sign-in',
  'recovery',
  'activation',
  'activation-contact',
  'activation-second',
  'contact-change',
] as const;

/** She has shown that this address is hers; what is said of the other was said by nobody. */
const confirmedBy = (person: Person, channel: SecondWay): Person => ({
  ...person,
  ...(person.email !== undefined && { emailVerified: channel === 'email' }),
  ...(person.phone !== undefined && { phoneVerified: channel === 'sms' }),
});
