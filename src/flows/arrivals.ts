import { parseContact } from '../domain/contact-change.ts';
import { REQUEST, tellingDomain } from '../domain/enrolment.ts';
import { parseDocument } from '../domain/registry.ts';
import type { Run } from '../domain/run.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts } from '../parts.ts';
import { officeOf } from './office-of.ts';
import { mayLookUp } from './look-ups.ts';
import { denied, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<
  Parts,
  'accounts' | 'audit' | 'chance' | 'clock' | 'enrolments' | 'limits' | 'offices' | 'transaction'
>;
export type Arrived =
  | { readonly kind: 'arrived' }
  /** There is no case of hers that could be seen at a desk. */
  | { readonly kind: 'no-case' }
  /** She stands in the line by video: nobody takes her out of it but herself, or the hour that she has here. */
  | { readonly kind: 'by-video' }
  | { readonly kind: 'too-many' }
  | Denied;

const OPEN = ['booked', 'contact-confirmed', 'requested'];

/**
 * Somebody with a case has come: she stands in the line of this office. It tells whether a RUN has a case, so it costs a
 * look-up, and each answer is recorded.
 */
export async function noteArrival(parts: Needs, actor: Actor, run: Run): Promise<Arrived> {
  const accountId = (await parts.accounts.forLogin(run))?.account.id;
  const no = await denied(parts, actor, { act: 'case arrive', target: { accountId } });
  if (no) return no;
  if (!(await mayLookUp(parts, actor, { act: 'case arrive', accountId }))) return { kind: 'too-many' };
  const open = (await parts.enrolments.ofRun(run)).filter(({ stage }) => OPEN.includes(stage));
  const [first] = open.sort((a, b) => OPEN.indexOf(a.stage) - OPEN.indexOf(b.stage));
  const [office, now] = [await officeOf(parts, actor), parts.clock()];
  const told = { kind: 'case-arrived', at: now, ...trailOf(actor, accountId) } as const;
  if (!first) {
    await parts.audit.add({ ...told, details: { office, found: false } });
    return { kind: 'no-case' };
  }
  return parts.transaction(async (tx) => {
    const here = (await tx.bookings.of(first.id, now))?.place.office === office;
    if (!here && (await tx.draws.byVideo(first.id, now))) {
      await tx.audit.add({ ...told, details: { case: first.id, office, byVideo: true } });
      return { kind: 'by-video' };
    }
    await tx.draws.arrived(first.id, actor.staff.accountId, now);
    await tx.queues.join({ caseId: first.id, channel: 'office', office, joinedAt: now });
    await tx.audit.add({ ...told, details: { case: first.id, office } });
    return { kind: 'arrived' };
  });
}

export type Noted = { readonly kind: 'noted' } | { readonly kind: 'invalid' } | Denied;
type Wish = { readonly run: Run; readonly document: string; readonly email: string; readonly phone: string };

/** A request for somebody who stands at the desk, perhaps without any mail; another officer reviews it. */
export async function noteRequest(parts: Needs, actor: Actor, wish: Wish): Promise<Noted> {
  const accountId = (await parts.accounts.forLogin(wish.run))?.account.id;
  const no = await denied(parts, actor, { act: 'case arrive', target: { accountId } });
  if (no) return no;
  const document = parseDocument(wish.document);
  const [email, phone] = [parseContact('email', wish.email), parseContact('phone', wish.phone)];
  const bad = (typed: string, read: string | undefined) => typed.trim() !== '' && read === undefined;
  if (document === undefined || bad(wish.email, email) || bad(wish.phone, phone)) return { kind: 'invalid' };
  const [office, now, id] = [await officeOf(parts, actor), parts.clock(), uuid(parts.chance(16))];
  const contact = { ...(email !== undefined && { email }), ...(phone !== undefined && { phone }) };
  return parts.transaction(async (tx) => {
    await tx.enrolments.add({
      ...{ id, network: actor.network, token: parts.chance(16), createdAt: now, expiresAt: now + REQUEST.kept },
      ...{ request: { run: wish.run, document, lang: 'es', ...contact }, channel: 'office', office },
      ...(email !== undefined && { domain: tellingDomain(email) }),
    });
    await tx.draws.noted(id, actor.staff.accountId, now);
    await tx.queues.join({ caseId: id, channel: 'office', office, joinedAt: now });
    await tx.audit.add({
      kind: 'case-arrived',
      at: now,
      details: { case: id, office, noted: true },
      ...trailOf(actor),
    });
    return { kind: 'noted' };
  });
}
