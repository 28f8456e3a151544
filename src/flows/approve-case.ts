import { excuses, itemsMissing, type Exception, type Item, type Sheet } from '../domain/checklist.ts';
import { AGAIN_LATELY } from '../domain/enrolment.ts';
import { cardDifferences, readMrz, type Card, type CardDifference, type MrzFault } from '../domain/mrz.ts';
import { isOldEnough } from '../domain/registry.ts';
import { localDay } from '../domain/schedule.ts';
import { CODES_PER_HOUR } from '../domain/supervision.ts';
import type { Parts } from '../parts.ts';
import type { RegistrySaid, Work } from '../stores/evidence.ts';
import { caseInHand, registrySays, type Filled, type InHand } from './case-in-hand.ts';
import { issueForCase } from './issue-for-case.ts';
import { denied, trailOf, type Actor } from './permit.ts';

export type Why = {
  readonly missing?: readonly Item[];
  readonly mrzFault?: MrzFault;
  readonly differences?: readonly CardDifference[];
  readonly problem?: 'fresh' | 'untrained' | 'limit' | 'again-soon' | 'too-young' | 'registry' | 'race' | 'stopped';
};
export type Approved =
  | { readonly kind: 'approved' }
  /** The machine counted something that a supervisor must see first. */
  | { readonly kind: 'held' }
  | ({ readonly kind: 'refused' } & Why)
  | { readonly kind: 'gone' };

type Needs = Pick<
  Parts,
  | 'accounts'
  | 'audit'
  | 'chance'
  | 'civilRegistry'
  | 'clock'
  | 'codes'
  | 'enrolments'
  | 'evidence'
  | 'limits'
  | 'switches'
  | 'transaction'
  | 'vault'
>;

/**
 * The officer says: it is her. What she ticked is kept whatever comes; then every rule is asked again, the registry
 * anew, and the code is issued once or not at all.
 */
export async function approveCase(parts: Needs, actor: Actor, { caseId, sheet, seen }: Filled): Promise<Approved> {
  const hand = await caseInHand(parts, actor, caseId);
  if (!hand) return { kind: 'gone' };
  const version = hand.evidence.version;
  if (seen !== undefined && seen !== version) return { kind: 'refused', problem: 'race' };
  if (!(await parts.evidence.write(hand.evidence.id, version, { ...hand.evidence.work, sheet })))
    return { kind: 'refused', problem: 'race' };
  const no = await denied(parts, actor, {
    act: 'case approve',
    target: { accountId: hand.accountId, drawnFor: hand.evidence.officer },
  });
  if (no) return refusedBy(no.lacks);
  // What waits when a country stops must not be finished by call either; at a desk it may.
  if (hand.evidence.channel === 'video' && (await parts.switches.flipped()).has('enrolment-stopped'))
    return { kind: 'refused', problem: 'stopped' };
  const { exceptions } = hand.evidence.work;
  const granted = exceptions.map(({ kind }) => kind);
  const now = parts.clock();
  const missing = missingOf(hand, { sheet, granted, now });
  if (missing.length > 0) return { kind: 'refused', missing };

  const registry = await registrySays(parts, hand.enrolment);
  const work: Work = { ...hand.evidence.work, sheet, registry };
  const judged = judge(hand, { work, registry, granted, now });
  const kept = {
    ...work,
    ...(judged.kind === 'good' && { document: judged.document, differences: judged.differences }),
  };
  if (!(await parts.evidence.write(hand.evidence.id, version + 1, kept))) return { kind: 'refused', problem: 'race' };
  if (judged.kind === 'refused') {
    const details = { case: caseId, says: registry.says };
    await parts.audit.add({ kind: 'case-refused', at: now, details, ...trailOf(actor, hand.accountId) });
    return judged;
  }
  if (!excuses(granted, 'again-soon') && (await wasIdentifiedLately(parts, hand, now)))
    return { kind: 'refused', problem: 'again-soon' };
  const use = {
    row: 'issue',
    network: actor.staff.accountId,
    limit: `${CODES_PER_HOUR} per hour per member of staff`,
    now,
  } as const;
  if (!(await parts.limits.take(use))) return { kind: 'refused', problem: 'limit' };
  const outcome = await issueForCase(parts, actor, {
    ...hand,
    evidence: { ...hand.evidence, version: version + 2, work: kept },
  });
  return outcome === 'race' || outcome === 'limit' ? { kind: 'refused', problem: outcome } : { kind: outcome };
}

const refusedBy = (lacks: string): Approved =>
  lacks === 'fresh' || lacks === 'trained'
    ? { kind: 'refused', problem: lacks === 'fresh' ? 'fresh' : 'untrained' }
    : { kind: 'gone' };

type Judging = { readonly sheet: Sheet; readonly granted: readonly Exception[]; readonly now: number };

function missingOf({ enrolment, evidence }: InHand, { sheet, granted, now }: Judging): readonly Item[] {
  const { email, phone } = { ...enrolment.request, ...evidence.work.contact };
  const contact = email !== undefined || phone !== undefined;
  const about = { channel: evidence.channel, drawn: evidence.drawn, today: localDay(now), contact };
  return itemsMissing(sheet, about).filter((item) => !excuses(granted, item));
}

type Judged =
  | { readonly kind: 'good'; readonly document: Work['document']; readonly differences: readonly CardDifference[] }
  | ({ readonly kind: 'refused' } & Why);
type Matter = {
  readonly work: Work;
  readonly registry: RegistrySaid;
  readonly granted: readonly Exception[];
  readonly now: number;
};

/** Of the dead and from a silent registry nothing comes, whoever agrees. */
const NEVER: readonly RegistrySaid['says'][] = ['deceased', 'unavailable', 'unknown'];
/** In these a card may differ once a second person has looked: a spelling, a date that was corrected. */
const LET_PASS: readonly CardDifference[] = ['name', 'birthdate'];

function judge({ enrolment }: InHand, { work, registry, granted, now }: Matter): Judged {
  if (registry.says !== 'good' && (NEVER.includes(registry.says) || !excuses(granted, 'registry')))
    return { kind: 'refused', problem: 'registry' };
  const { birthdate } = registry;
  if (birthdate !== undefined && !isOldEnough({ birthdate }, now)) return { kind: 'refused', problem: 'too-young' };
  // Without the card a second person has seen other proof.
  if (excuses(granted, 'document')) return { kind: 'good', document: undefined, differences: [] };
  const read = readMrz(work.sheet.mrz);
  if (read.kind === 'faulty') return { kind: 'refused', mrzFault: read.fault };
  const differences = differencesOf(read.card, { enrolment, registry, now });
  const bad = differences.filter((one) => !(LET_PASS.includes(one) && excuses(granted, 'card-data')));
  if (bad.length > 0) return { kind: 'refused', differences: bad };
  const { issuer, number, expiry } = read.card;
  return { kind: 'good', document: { issuer, number, expiry }, differences };
}

function differencesOf(
  card: Card,
  { enrolment, registry, now }: Pick<InHand, 'enrolment'> & Pick<Matter, 'registry' | 'now'>,
): readonly CardDifference[] {
  const { run, document } = enrolment.request;
  const { names, surnames, birthdate } = registry;
  return cardDifferences(card, { run, number: document, names, surnames, birthdate, today: localDay(now) });
}

async function wasIdentifiedLately(parts: Pick<Parts, 'enrolments'>, { enrolment }: InHand, now: number) {
  const all = await parts.enrolments.ofRun(enrolment.request.run);
  return all.some(({ id, identifiedAt }) => id !== enrolment.id && (identifiedAt ?? 0) > now - AGAIN_LATELY);
}
