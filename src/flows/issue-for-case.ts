import type { Identified } from '../domain/account.ts';
import { ACTIVATION_CODE } from '../domain/code.ts';
import { isSampled, signalsOf, STOPPING } from '../domain/supervision.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import type { InHand } from './case-in-hand.ts';
import { closeSession, endCases } from './close-session.ts';
import { writeTo } from './enrolment-letters.ts';
import { issueWithin } from './issue-code.ts';
import { trailOf, type Actor } from './permit.ts';
import { identifiedBy } from './renewal.ts';
import { secondCode } from './second-code.ts';
import { undoable } from './undoable.ts';

type Needs = Pick<Parts, 'accounts' | 'chance' | 'clock' | 'transaction' | 'vault'>;
export type IssuedFor = 'approved' | 'held' | 'race' | 'limit';
const DAY = 86_400_000;

/**
 * Identified, account made or to be renewed, all other cases of that RUN ended, one code, handed over unseen, perhaps
 * drawn for a second look: all in one transaction, or nothing.
 */
export async function issueForCase(parts: Needs, actor: Actor, hand: InHand): Promise<IssuedFor> {
  const now = parts.clock();
  return undoable<IssuedFor>(parts, async (tx, undo) => {
    const { enrolment, evidence } = hand;
    await tx.enrolments.lock(enrolment.request.run);
    const alike = await tx.enrolments.alike(enrolment.id, { email: now - 30 * DAY, others: now - DAY });
    const sameEmail = await tx.enrolments.sharing(enrolment, now - 30 * DAY);
    const signals = signalsOf({ ...alike, sameEmail, sessionMs: now - evidence.startedAt });
    const released = await tx.supervision.released(enrolment.id);
    const stopping = signals.filter((signal) => STOPPING.includes(signal) && !released.includes(signal));
    if (stopping.length > 0) {
      await hold(tx, { hand, now, chance: parts.chance, kinds: stopping, undo });
      const details = { case: enrolment.id, why: stopping.join(' ') };
      await tx.audit.add({ kind: 'case-held', at: now, details, ...trailOf(actor, hand.accountId) });
      return 'held';
    }
    await approve(tx, parts, { actor, hand, now, undo });
    // Which, only supervisors learn: the answer is the same.
    if (isSampled(parts.chance(2)) || signals.length > 0) await tx.supervision.draw(evidence.id, now);
    return 'approved';
  });
}

type Undo = (why: 'race' | 'limit') => never;
type Holding = {
  readonly undo: Undo;
  readonly hand: InHand;
  readonly now: number;
  readonly chance: Parts['chance'];
  readonly kinds: readonly (typeof STOPPING)[number][];
};

async function hold(tx: Tx, { hand: { enrolment, evidence }, now, chance, kinds, undo }: Holding): Promise<void> {
  const { work, officer } = evidence;
  if (!(await closeSession(tx, evidence, { work, result: 'held', at: now }))) return undo('race');
  if (!(await tx.enrolments.move(enrolment, { move: 'hold', by: { kind: 'system' }, at: now }))) return undo('race');
  for (const kind of kinds)
    await tx.supervision.hold({ id: uuid(chance(16)), caseId: enrolment.id, officer, kind, words: '', at: now });
}

type Approving = { readonly actor: Actor; readonly hand: InHand; readonly now: number; readonly undo: Undo };

async function approve(tx: Tx, parts: Needs, { actor, hand, now, undo }: Approving): Promise<void> {
  const { enrolment, evidence } = hand;
  const { run } = enrolment.request;
  const by = { kind: 'officer', id: actor.staff.accountId } as const;
  const level: Identified = evidence.channel === 'video' ? 'video' : 'presencial';
  const { work } = evidence;
  if (!(await closeSession(tx, evidence, { work, result: 'approved', at: now }))) return undo('race');
  const identified = await tx.enrolments.move(enrolment, {
    ...{ move: 'identify', by, at: now, set: { level, identifiedAt: now } },
  });
  if (!identified) return undo('race');
  if (!(await endCases(tx, run, { but: enrolment.id, at: now }))) return undo('race');
  const account = await accountFor(tx, parts, { hand, level, now });
  await tx.evidence.belongsTo(evidence.id, account.id);
  const details = { case: enrolment.id, officer: actor.staff.accountId };
  const issued = await issueWithin(tx, parts, { run, by: 'print', ...account.issue, details });
  if (issued.kind !== 'issued') return undo('limit');
  const done = await tx.enrolments.move(identified, {
    ...{ move: 'issue-code', by, at: now },
    set: { accountId: account.id, expiresAt: now + ACTIVATION_CODE.lifetimes.print },
  });
  if (!done) return undo('race');
  await writeTo(tx, parts, { enrolment: done, event: 'identified', at: now });
  const kind = evidence.channel === 'video' ? 'room' : 'slip';
  await tx.handovers.put({ caseId: enrolment.id, kind, code: issued.code, until: issued.until });
  if (kind === 'slip' && account.mailless)
    await tx.handovers.put({ caseId: enrolment.id, kind: 'second', code: secondCode(parts), until: issued.until });
  const event = { case: enrolment.id, level, session: evidence.session };
  await tx.audit.add({ kind: 'case-approved', at: now, details: event, ...trailOf(actor, account.id) });
}

type For = { readonly hand: InHand; readonly level: Identified; readonly now: number };

/**
 * Her contact is what she gave for this case, confirmed when the second code comes back from there. Who had an
 * account keeps it as it is until the code is used.
 */
async function accountFor(tx: Tx, { chance }: Needs, { hand: { enrolment, evidence }, level, now }: For) {
  const { request } = enrolment;
  const { run, lang } = request;
  const renewal = identifiedBy({ request, work: evidence.work, level });
  const { email, phone } = renewal;
  const { names = [], surnames = [], birthdate } = evidence.work.registry ?? {};
  const contact = { ...(email !== undefined && { email }), ...(phone !== undefined && { phone }) };
  const mailless = email === undefined;
  const second = mailless && phone === undefined && evidence.channel === 'office' ? ('printed' as const) : undefined;
  const before = (await tx.accounts.forLogin(run))?.account;
  if (before) return { id: before.id, mailless, issue: { second, renewal } };
  const id = uuid(chance(16));
  await tx.accounts.add({
    ...{ id, status: 'not-activated', identified: level, secret: undefined, at: now },
    person: { run, names, surnames, birthdate, lang, ...contact },
  });
  return { id, mailless, issue: { second } };
}
