import type { Sheet } from '../domain/checklist.ts';
import type { Parts } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Evidence, RegistrySaid } from '../stores/evidence.ts';
import { denied, trailOf, type Actor } from './permit.ts';
import { hasNoAddress } from './second-code.ts';

export type InHand = {
  readonly enrolment: Enrolment;
  readonly evidence: Evidence;
  /** Whose account it is or will be, if she has one. */
  readonly accountId: string | undefined;
};
type Reading = Pick<Parts, 'accounts' | 'audit' | 'clock' | 'enrolments' | 'evidence'>;

/**
 * The case that was drawn for this officer and is open; for everybody else there is none, and the try is recorded
 * (R-54, R-63).
 */
export async function caseInHand(parts: Reading, actor: Actor, caseId: string): Promise<InHand | undefined> {
  const enrolment = await parts.enrolments.byId(caseId);
  const [evidence] = enrolment ? await parts.evidence.ofCase(caseId) : [];
  const account = enrolment && (await parts.accounts.forLogin(enrolment.request.run))?.account;
  const open = enrolment?.stage === 'in-session' && evidence?.result === undefined;
  const drawnFor = open && enrolment.officer === evidence?.officer ? evidence?.officer : undefined;
  const no = await denied(parts, actor, { act: 'case work', target: { accountId: account?.id, drawnFor } });
  return no || !enrolment || !evidence ? undefined : { enrolment, evidence, accountId: account?.id };
}

const HOUR = 3_600_000;
export type Over = {
  readonly enrolment: Enrolment;
  readonly evidence: Evidence;
  readonly slip: boolean;
  /** Another officer is to print the second code. */
  readonly second: boolean;
};

/** One that she has just ended: for an hour she sees how, and nothing of whom. */
export async function caseJustOver(
  parts: Reading & Pick<Parts, 'handovers'>,
  actor: Actor,
  { caseId, sms }: { readonly caseId: string; readonly sms: boolean },
): Promise<Over | undefined> {
  const [evidence] = await parts.evidence.ofCase(caseId);
  const now = parts.clock();
  if (evidence?.officer !== actor.staff.accountId || evidence.result === undefined) return undefined;
  if ((evidence.endedAt ?? 0) < now - HOUR) return undefined;
  const enrolment = await parts.enrolments.byId(caseId);
  const waits = await parts.handovers.waits(caseId, now);
  if (!enrolment) return undefined;
  const second = waits.includes('second') && (await hasNoAddress(parts, enrolment, { sms }));
  return { enrolment, evidence, slip: waits.includes('slip'), second };
}

export type Saved = { readonly kind: 'saved' } | { readonly kind: 'race' } | { readonly kind: 'gone' };

export type Filled = {
  readonly caseId: string;
  readonly sheet: Sheet;
  /**
   * The version of the session that she had before her: nobody approves a contact that has changed meanwhile. Left
   * out: however it stands.
   */
  readonly seen?: number | undefined;
};

/** What is ticked is kept: a lost connection or a second tab loses nothing. */
export async function saveSheet(
  parts: Reading & Pick<Parts, 'transaction'>,
  actor: Actor,
  { caseId, sheet, seen }: Filled,
): Promise<Saved> {
  const hand = await caseInHand(parts, actor, caseId);
  if (!hand) return { kind: 'gone' };
  const { evidence } = hand;
  if (seen !== undefined && seen !== evidence.version) return { kind: 'race' };
  return parts.transaction(async (tx) => {
    if (!(await tx.evidence.write(evidence.id, evidence.version, { ...evidence.work, sheet }))) return { kind: 'race' };
    const details = { case: caseId, ticks: sheet.ticks.join(' ') };
    await tx.audit.add({ kind: 'case-checked', at: parts.clock(), details, ...trailOf(actor, hand.accountId) });
    return { kind: 'saved' };
  });
}

/** Asks the civil registry, outside of any transaction; what it said is kept as far as it is needed. */
export async function registrySays(
  parts: Pick<Parts, 'civilRegistry' | 'clock'>,
  { request }: Pick<Enrolment, 'request'>,
): Promise<RegistrySaid> {
  const { run, document } = request;
  const said = await parts.civilRegistry.check({ run, document, now: parts.clock() });
  const at = parts.clock();
  if (said.kind !== 'good') return { at, says: said.kind };
  const { names, surnames, birthdate } = said;
  return { at, says: 'good', names, surnames, birthdate };
}

/** The same, for the officer to see before she goes on. */
export async function askRegistry(
  parts: Reading & Pick<Parts, 'civilRegistry' | 'transaction'>,
  actor: Actor,
  caseId: string,
): Promise<Saved> {
  const hand = await caseInHand(parts, actor, caseId);
  if (!hand) return { kind: 'gone' };
  const registry = await registrySays(parts, hand.enrolment);
  const { evidence } = hand;
  return parts.transaction(async (tx) => {
    if (!(await tx.evidence.write(evidence.id, evidence.version, { ...evidence.work, registry })))
      return { kind: 'race' };
    const details = { case: caseId, says: registry.says };
    await tx.audit.add({ kind: 'registry-asked', at: registry.at, details, ...trailOf(actor, hand.accountId) });
    return { kind: 'saved' };
  });
}
