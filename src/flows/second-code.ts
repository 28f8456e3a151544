import { codeFrom, SECOND_CODE, writtenCode } from '../domain/code.ts';
import { writtenRun, type Run } from '../domain/run.ts';
import type { Parts } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import { activationBinding } from './activation.ts';
import { officeOf } from './office-of.ts';
import { mayLookUp } from './look-ups.ts';
import { denied, trailOf, type Actor, type Denied } from './permit.ts';

/** It waits sealed, and opens nothing until another officer has printed it. */
export const secondCode = ({ chance }: Pick<Parts, 'chance'>): string =>
  codeFrom(Buffer.from(chance(SECOND_CODE.length), 'base64url'), SECOND_CODE.length);

type Needs = Pick<
  Parts,
  | 'accounts'
  | 'audit'
  | 'clock'
  | 'enrolments'
  | 'evidence'
  | 'handovers'
  | 'limits'
  | 'offices'
  | 'staff'
  | 'transaction'
>;
export type SecondPrinted =
  | { readonly kind: 'printed'; readonly run: string; readonly code: string; readonly until: number }
  /** No case of that RUN waits for one: she has an address, it was printed, it is too late, or there is no case. */
  | { readonly kind: 'none' }
  | { readonly kind: 'too-many' }
  | Denied;

/**
 * Who has neither mail nor telephone gets the second code on paper, from somebody else of the office that gave her the
 * first one, with her card in the hand: so one dishonest officer alone opens no account. It is printed once,
 * and its day begins then; the record of it and the code are one. `sms`: whether this installation sends any.
 */
export async function printSecondCode(
  parts: Needs,
  actor: Actor,
  { run, sms }: { readonly run: Run; readonly sms: boolean },
): Promise<SecondPrinted> {
  const act = 'second code print';
  const accountId = (await parts.accounts.forLogin(run))?.account.id;
  if (!(await mayLookUp(parts, actor, { act, accountId }))) return { kind: 'too-many' };
  return parts.transaction(async (tx): Promise<SecondPrinted> => {
    // Nobody moves that person's cases from here on: who printed the first slip stays who it was.
    await tx.enrolments.lock(run);
    const within = { ...parts, ...tx };
    const now = parts.clock();
    const sought = { kind: 'second-code-sought', at: now, ...trailOf(actor, accountId) } as const;
    const enrolment = await waitingOf(within, { run, sms, now });
    if (!enrolment || accountId === undefined) {
      await tx.audit.add(sought);
      return { kind: 'none' };
    }
    const target = { accountId, proposedBy: enrolment.lastBy, office: await officeOfFirst(within, actor, enrolment) };
    const no = await denied(within, actor, { act, target });
    if (no) return no;
    const taken = await tx.handovers.take({ caseId: enrolment.id, kind: 'second', now });
    if (!taken) {
      await tx.audit.add(sought);
      return { kind: 'none' };
    }
    const { lifetime, perHour, perDay } = SECOND_CODE;
    const until = Math.min(now + lifetime, taken.until);
    const whose = await tx.codes.issue({
      ...{ purpose: 'activation-second', binding: activationBinding(run), accountId, code: taken.code, now },
      ...{ lifetime: until - now, perHour, perDay },
    });
    // It waits in its place, until fewer were printed for that person.
    if (whose === undefined) {
      await tx.handovers.put({ caseId: enrolment.id, kind: 'second', ...taken });
      return { kind: 'too-many' };
    }
    const details = { case: enrolment.id, office: target.office ?? '' };
    await tx.audit.add({ kind: 'second-code-printed', at: now, details, ...trailOf(actor, accountId) });
    return { kind: 'printed', run: writtenRun(run), code: writtenCode(taken.code), until };
  });
}

type Asked = { readonly run: Run; readonly sms: boolean; readonly now: number };

async function waitingOf(parts: Needs, { run, sms, now }: Asked): Promise<Enrolment | undefined> {
  for (const enrolment of await parts.enrolments.ofRun(run)) {
    if (enrolment.stage !== 'code-issued') continue;
    if (!(await parts.handovers.waits(enrolment.id, now)).includes('second')) continue;
    if (await hasNoAddress(parts, enrolment, { sms })) return enrolment;
  }
  return undefined;
}

/** Whether no code could be sent to her: then both are on paper. */
export async function hasNoAddress(
  { evidence }: Pick<Parts, 'evidence'>,
  { id, request, channel }: Enrolment,
  { sms }: { readonly sms: boolean },
): Promise<boolean> {
  const [last] = await evidence.ofCase(id);
  const { email, phone } = { ...request, ...last?.work.contact };
  return channel === 'office' && email === undefined && (phone === undefined || !sms);
}

/** Where the first code was printed, as the rule compares it: one office may stand by its id or by its name. */
async function officeOfFirst(parts: Needs, actor: Actor, { lastBy }: Enrolment): Promise<string | undefined> {
  const first = lastBy === undefined ? undefined : await parts.staff.byId(lastBy);
  if (first?.office === undefined || actor.staff.office === undefined) return undefined;
  const [there, here] = [await officeOf(parts, { ...actor, staff: first }), await officeOf(parts, actor)];
  return there === here ? actor.staff.office : first.office;
}
