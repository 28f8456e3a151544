import type { Account, Person, Status } from '../domain/account.ts';
import {
  ACTIVATION_CODE,
  codeFrom,
  CONFIRMATION_CODE,
  parseActivationCode,
  parseCode,
  SECOND_CODE,
} from '../domain/code.ts';
import { STAGE, type ActivationStage, type Channel, type SecondWay } from '../domain/journey.ts';
import { isOldEnough } from '../domain/registry.ts';
import { renewedPerson, type Renewal } from '../domain/renewal.ts';
import { parseRun, type Run } from '../domain/run.ts';
import type { Parts, Tx } from '../parts.ts';
import { askedByOf, keysOfCode, trailOf, type Passer } from './passing.ts';
import { originBefore } from './start-again.ts';

type Needs = Pick<
  Parts,
  | 'accounts'
  | 'attempts'
  | 'audit'
  | 'chance'
  | 'clients'
  | 'clock'
  | 'codes'
  | 'enrolments'
  | 'journeys'
  | 'transaction'
>;
type Wait = { readonly kind: 'wait'; readonly until: number };
/** The stage is another, or over, or the account may no more. */
export type Gone = { readonly kind: 'gone' };

export type AtStage<At extends ActivationStage['at']> = {
  readonly id: string;
  readonly version: number;
  readonly stage: ActivationStage & { readonly at: At };
};

/** The stage of this browser, by the id in its cookie. */
export async function activationOf(
  { journeys, clock }: Pick<Parts, 'journeys' | 'clock'>,
  id: string | undefined,
): Promise<AtStage<ActivationStage['at']> | undefined> {
  const found = id === undefined ? undefined : await journeys.find({ kind: 'activation', id, now: clock() });
  return found && id !== undefined ? { id, version: found.version, stage: found.state } : undefined;
}

/** Where the officer's code is bound: nowhere but to its RUN. */
export const activationBinding = (run: Run): string => run;
const contactBinding = (id: string) => `activation|${id}`;

/** Who was identified again opens all but the account of a dead person: nobody proves more than that. */
const RENEWABLE: readonly Status[] = ['not-activated', 'active', 'paused', 'blocked', 'closed'];
export const activatable = (renewal: Renewal | undefined): readonly Status[] =>
  renewal ? RENEWABLE : ['not-activated', 'active'];
export const mayActivate = ({ status }: Pick<Account, 'status'>, renewal: Renewal | undefined): boolean =>
  activatable(renewal).includes(status);

/** Whose second code it is: the address of the new identification, when there was one. */
export const activatedPerson = ({ person }: Pick<Account, 'person'>, renewal: Renewal | undefined): Person =>
  renewal ? renewedPerson(person, renewal) : person;

/** Where a second code could go, e-mail first. `sms`: whether this installation sends any. */
export function channelsOf({ email, phone }: Person, { sms }: { readonly sms: boolean }): readonly Channel[] {
  return [...(email === undefined ? [] : ['email' as const]), ...(phone === undefined || !sms ? [] : ['sms' as const])];
}

export type Begun =
  | { readonly kind: 'begun'; readonly id: string }
  | { readonly kind: 'malformed-run' }
  /** Wrong, mistyped, expired, used, in somebody else's hands, or another person's: nobody is told which. */
  | { readonly kind: 'refused' }
  /** Told to whoever holds the right code only. */
  | { readonly kind: 'too-young' | 'no-contact' }
  | Wait;

type Beginning = {
  readonly run: string;
  readonly code: string;
  readonly shared: boolean;
  readonly sms: boolean;
  readonly before: string | undefined;
};

/**
 * RUN and the officer's code: it is taken by this browser, not used up, and a second code goes to the address that the
 * citizen gave herself. What the check character gives away as mistyped costs no try.
 */
export async function beginActivation(parts: Needs, passer: Passer, form: Beginning): Promise<Begun> {
  const run = parseRun(form.run);
  if (!run) return { kind: 'malformed-run' };
  const now = parts.clock();
  const before = await activationOf(parts, form.before);
  const origin = await originBefore(parts, { kind: 'activation', id: form.before });
  type Why = 'refused' | 'too-young' | 'no-contact';
  const refuse = async (kind: Why, accountId?: string, { audit }: Pick<Tx, 'audit'> = parts) => {
    const details = { why: kind };
    await audit.add({ kind: 'activation-refused', ...trailOf(passer, now, origin), accountId, details });
    return { kind };
  };
  const spent = await parts.attempts.spend(keysOfCode(passer), now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'activation-throttled', ...trailOf(passer, now, origin) });
    return spent;
  }
  const code = parseActivationCode(form.code);
  if (code === undefined) return refuse('refused');
  const { tries, again } = ACTIVATION_CODE;
  // On a slow line people press again before the answer has come: the same browser may, at once.
  const claimant = passer.device;
  // One commit, whether a code waits for her or not: else its time would tell.
  const claimed = await parts.transaction(async (tx) => {
    const accountId = await tx.codes.claim({
      ...{ purpose: 'activation', binding: activationBinding(run), code, now, tries, claimant, again },
    });
    const account = accountId === undefined ? undefined : await tx.accounts.byId(accountId);
    const renewal = await tx.codes.details({ purpose: 'activation', binding: activationBinding(run), claimant });
    if (account && mayActivate(account, renewal)) return { account, renewal };
    await refuse('refused', accountId, tx);
    return undefined;
  });
  if (!claimed) return { kind: 'refused' };
  const { account, renewal } = claimed;
  await parts.attempts.giveBack(keysOfCode(passer), parts.clock());
  const person = activatedPerson(account, renewal);
  const { birthdate } = person;
  if (birthdate !== undefined && !isOldEnough({ birthdate }, now)) return refuse('too-young', account.id);
  const channel = channelsOf(person, form)[0] ?? (await printedFor(parts, run));
  if (channel === undefined) return refuse('no-contact', account.id);

  const known = { run, origin, accountId: account.id, claimant, shared: form.shared, renewal };
  const id = await parts.transaction(async (tx) => {
    if (before) await tx.journeys.end('activation', before.id);
    const state: ActivationStage = { at: 'confirm', ...known, channel };
    const fresh = await tx.journeys.begin({
      ...{ kind: 'activation', state, accountId: account.id, until: now + STAGE.code },
    });
    if (channel !== 'print')
      await sendCode({ parts, tx, passer, accountId: account.id, person }, { id: fresh, channel, origin });
    const details = { channel };
    await tx.audit.add({ kind: 'activation-begun', ...trailOf(passer, now, origin), accountId: account.id, details });
    return fresh;
  });
  return { kind: 'begun', id };
}

/** Who was identified at a desk without any address: another officer of that office prints the second code. */
async function printedFor({ enrolments }: Pick<Parts, 'enrolments'>, run: Run): Promise<SecondWay | undefined> {
  const waits = (await enrolments.ofRun(run)).some(
    ({ stage, channel }) => stage === 'code-issued' && channel === 'office',
  );
  return waits ? 'print' : undefined;
}

type Sending = {
  readonly parts: Pick<Needs, 'chance' | 'clients' | 'clock'>;
  readonly tx: Tx;
  readonly passer: Passer;
  readonly accountId: string;
  readonly person: Person;
};
type Sent = { readonly id: string; readonly channel: Channel; readonly origin: ActivationStage['origin'] };

async function sendCode(
  { parts, tx, passer, person, ...whose }: Sending,
  { id, channel, origin }: Sent,
): Promise<void> {
  const { length, lifetimes, perHour, perDay } = CONFIRMATION_CODE;
  const now = parts.clock();
  const lifetime = lifetimes[channel];
  const code = codeFrom(Buffer.from(parts.chance(length), 'base64url'), length);
  const address = channel === 'email' ? person.email : person.phone;
  const accountId = await tx.codes.issue({
    ...{ purpose: 'activation-contact', binding: contactBinding(id), accountId: whose.accountId, code, now, lifetime },
    ...{ perHour, perDay },
  });
  if (accountId === undefined || address === undefined) return;
  const asker = await askedByOf(parts, passer, origin);
  await tx.outbox.add({
    letter: 'confirmation-code',
    ...{ accountId, code, at: now, until: now + lifetime, asker, lang: passer.lang, to: { channel, address } },
  });
}

/** Once more, or to her other address. */
export async function sendAgain(
  parts: Needs,
  passer: Passer,
  wish: { readonly id: string | undefined; readonly channel: Channel; readonly sms: boolean },
): Promise<{ readonly kind: 'sent' } | Gone> {
  const journey = await activationOf(parts, wish.id);
  if (journey?.stage.at !== 'confirm') return { kind: 'gone' };
  const { stage, id, version } = journey;
  const account = await parts.accounts.byId(stage.accountId);
  if (!account || !mayActivate(account, stage.renewal)) return { kind: 'gone' };
  const person = activatedPerson(account, stage.renewal);
  if (!channelsOf(person, wish).includes(wish.channel)) return { kind: 'gone' };
  const now = parts.clock();
  const { channel } = wish;
  return parts.transaction(async (tx) => {
    const step = { kind: 'activation', id, was: version, state: { ...stage, channel }, now } as const;
    if (!(await tx.journeys.move({ ...step, until: now + STAGE.code }))) return { kind: 'gone' };
    await sendCode({ parts, tx, passer, accountId: account.id, person }, { id, channel, origin: stage.origin });
    return { kind: 'sent' };
  });
}

export type Confirmed = { readonly kind: 'confirmed' } | { readonly kind: 'refused' } | Gone | Wait;

/** The second code, from her own mailbox or telephone. */
export async function confirmContact(
  parts: Needs,
  passer: Passer,
  entry: { readonly id: string | undefined; readonly code: string },
): Promise<Confirmed> {
  const now = parts.clock();
  const journey = await activationOf(parts, entry.id);
  if (journey?.stage.at !== 'confirm') return { kind: 'gone' };
  const { stage, id, version } = journey;
  const trail = { ...trailOf(passer, now, stage.origin), accountId: stage.accountId };
  const spent = await parts.attempts.spend(keysOfCode(passer), now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'activation-throttled', ...trail });
    return spent;
  }
  const { length, tries } = CONFIRMATION_CODE;
  const code = parseCode(entry.code, length);
  const confirmed =
    code !== undefined &&
    (await parts.transaction(async (tx) => {
      const which =
        stage.channel === 'print'
          ? ({ purpose: 'activation-second', binding: activationBinding(stage.run), tries: SECOND_CODE.tries } as const)
          : ({ purpose: 'activation-contact', binding: contactBinding(id), tries } as const);
      const whose = await tx.codes.use({ ...which, code, now });
      if (whose !== stage.accountId) return false;
      const state: ActivationStage = { ...stage, at: 'clave' };
      return tx.journeys.move({ kind: 'activation', id, was: version, state, until: now + STAGE.chosen, now });
    }));
  if (!confirmed) {
    await parts.audit.add({ kind: 'activation-refused', ...trail, details: { why: 'confirmation' } });
    return { kind: 'refused' };
  }
  await parts.attempts.giveBack(keysOfCode(passer), parts.clock());
  await parts.audit.add({ kind: 'activation-confirmed', ...trail, details: { channel: stage.channel } });
  return { kind: 'confirmed' };
}
