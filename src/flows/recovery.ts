import { mayRecover } from '../domain/account.ts';
import { codeFrom, parseCode, RECOVERY_CODE } from '../domain/code.ts';
import { STAGE, type RecoveryStage } from '../domain/journey.ts';
import { parseRun } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import { askedByOf, keysOfCode, trailOf, type Passer } from './passing.ts';
import { originBefore } from './start-again.ts';

type Needs = Pick<
  Parts,
  'accounts' | 'attempts' | 'audit' | 'chance' | 'clients' | 'clock' | 'journeys' | 'transaction'
>;
type Wait = { readonly kind: 'wait'; readonly until: number };

/** The stage of this browser, by the id in its cookie. */
export async function recoveryOf(
  { journeys, clock }: Pick<Parts, 'journeys' | 'clock'>,
  id: string | undefined,
): Promise<{ readonly id: string; readonly version: number; readonly stage: RecoveryStage } | undefined> {
  const found = id === undefined ? undefined : await journeys.find({ kind: 'recovery', id, now: clock() });
  return found && id !== undefined ? { id, version: found.version, stage: found.state } : undefined;
}

export type AskedForCode =
  /** `id`: of the journey that has begun. */
  { readonly kind: 'asked'; readonly id: string } | { readonly kind: 'malformed-run' } | Wait;

/** What a code is bound to: the browser that asked. */
const bindingOf = (id: string) => `recovery|${id}`;

type Asking = { readonly run: string; /** The journey that was. */ readonly before: string | undefined };

/**
 * Asks for a code. The same calls, rows and letters for everyone, the letter to nobody where there is no account that
 * may; it is sent after the answer. Three an hour and five a day are sent to a person.
 */
export async function askForRecovery(
  parts: Needs,
  passer: Passer,
  { run: typed, before }: Asking,
): Promise<AskedForCode> {
  const run = parseRun(typed);
  if (!run) return { kind: 'malformed-run' };
  const now = parts.clock();
  const spent = await parts.attempts.spend(keysOfCode(passer), now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'recovery-throttled', ...trailOf(passer, now) });
    return spent;
  }
  const origin = await originBefore(parts, { kind: 'recovery', id: before });
  const asker = await askedByOf(parts, passer, origin);
  const found = await parts.accounts.forLogin(run);
  const accountId = found && mayRecover(found.account) ? found.account.id : undefined;
  const { length, lifetime, perHour, perDay } = RECOVERY_CODE;
  const code = codeFrom(Buffer.from(parts.chance(length), 'base64url'), length);
  const id = await parts.transaction(async (tx) => {
    // The old one goes, and with it whatever its code was worth.
    if (before !== undefined) await tx.journeys.end('recovery', before);
    const state: RecoveryStage = { at: 'code', run, origin };
    const fresh = await tx.journeys.begin({ kind: 'recovery', state, until: now + STAGE.code });
    const binding = bindingOf(fresh);
    const whose = await tx.codes.issue({
      ...{ purpose: 'recovery', binding, accountId, code, now, lifetime, perHour, perDay },
    });
    await tx.outbox.add({
      letter: 'recovery-code',
      ...{ accountId: whose, code, token: parts.chance(32), at: now, until: now + lifetime, asker, lang: passer.lang },
    });
    await tx.audit.add({ kind: 'recovery-asked', ...trailOf(passer, now, origin), accountId });
    return fresh;
  });
  return { kind: 'asked', id };
}

export type CodeEntered =
  | { readonly kind: 'verified'; readonly next: 'factor' | 'clave' }
  /** Wrong, mistyped, expired, used, another browser's or another person's: nobody is told which. */
  | { readonly kind: 'refused' }
  | Wait;
type Entry = { readonly id: string | undefined; readonly run: string; readonly code: string };

/** RUN and code, in the browser that asked. What cannot be a code costs no try. */
export async function enterRecoveryCode(parts: Needs, passer: Passer, entry: Entry): Promise<CodeEntered> {
  const now = parts.clock();
  const spent = await parts.attempts.spend(keysOfCode(passer), now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'recovery-throttled', ...trailOf(passer, now) });
    return spent;
  }
  const journey = await recoveryOf(parts, entry.id);
  const verified = journey?.stage.at === 'code' && (await useCode(parts, { ...journey, stage: journey.stage }, entry));
  if (!journey || !verified) {
    await parts.audit.add({ kind: 'recovery-refused', ...trailOf(passer, now, journey?.stage.origin) });
    return { kind: 'refused' };
  }
  await parts.attempts.giveBack(keysOfCode(passer), parts.clock());
  const { accountId } = verified;
  await parts.audit.add({ kind: 'recovery-verified', ...trailOf(passer, now, journey.stage.origin), accountId });
  return { kind: 'verified', next: verified.at };
}

type AtCode = { readonly id: string; readonly version: number; readonly stage: RecoveryStage & { at: 'code' } };

/** The code is used and the journey goes on together; a wrong one stays counted. */
async function useCode(parts: Needs, { id, version, stage }: AtCode, entry: Entry) {
  const code = parseCode(entry.code, RECOVERY_CODE.length);
  if (code === undefined || parseRun(entry.run) !== stage.run) return undefined;
  const now = parts.clock();
  const { origin, run } = stage;
  const found = await parts.accounts.forLogin(run);
  return parts.transaction(async (tx) => {
    // Counted for everyone, also where the code is nobody's: else its time would tell who has an account.
    const accountId = await tx.codes.use({
      ...{ purpose: 'recovery', binding: bindingOf(id), code, now, tries: RECOVERY_CODE.tries },
    });
    if (accountId === undefined || !found || !mayRecover(found.account)) return undefined;
    if (accountId !== found.account.id) return undefined;
    const known = { run, origin, accountId };
    const state: RecoveryStage & { at: 'factor' | 'clave' } = found.secondFactor
      ? { at: 'factor', ...known }
      : { at: 'clave', ...known, factor: false };
    const until = now + STAGE.chosen;
    const moved = await tx.journeys.move({ kind: 'recovery', id, was: version, state, accountId, until, now });
    return moved ? state : undefined;
  });
}
