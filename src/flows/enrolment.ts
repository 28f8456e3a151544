import { codeFrom, CONFIRMATION_CODE, parseCode } from '../domain/code.ts';
import { parseAddress, parsePhone } from '../domain/contact-change.ts';
import { LETTERS_A_DAY, LIVE, REQUEST, tellingDomain } from '../domain/enrolment.ts';
import { STAGE, type EnrolmentStage } from '../domain/journey.ts';
import { parseDocument } from '../domain/registry.ts';
import { parseRun } from '../domain/run.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import { linkToken } from './enrolment-letters.ts';
import { askedByOf, keysOfCode, trailOf, type Passer } from './passing.ts';

type Needs = Pick<
  Parts,
  'attempts' | 'audit' | 'chance' | 'clients' | 'clock' | 'enrolments' | 'journeys' | 'transaction' | 'vault'
>;
type Wait = { readonly kind: 'wait'; readonly until: number };
const HOUR = 3_600_000;

/** The stage of this browser, by the id in its cookie. */
export async function enrolmentOf(
  { journeys, clock }: Pick<Parts, 'journeys' | 'clock'>,
  id: string | undefined,
): Promise<{ readonly id: string; readonly version: number; readonly stage: EnrolmentStage } | undefined> {
  const found = id === undefined ? undefined : await journeys.find({ kind: 'enrolment', id, now: clock() });
  return found && id !== undefined ? { id, version: found.version, stage: found.state } : undefined;
}

export type RequestField = 'run' | 'document' | 'email' | 'phone';
export type Typed = Readonly<Record<RequestField, string>>;
export type Requested =
  /** `id`: of the journey that has begun. */
  | { readonly kind: 'requested'; readonly id: string }
  | { readonly kind: 'malformed'; readonly fields: readonly RequestField[] }
  | Wait;

/** What can be read of what she typed; nobody is asked whether it is true. */
function read({ run, document, email, phone }: Typed) {
  const parsed = { run: parseRun(run), document: parseDocument(document), email: parseAddress(email) };
  const written = phone.trim() === '' ? undefined : parsePhone(phone);
  const fields = (['run', 'document', 'email'] as const).filter((field) => parsed[field] === undefined);
  const bad: readonly RequestField[] =
    phone.trim() !== '' && written === undefined ? [...fields, 'phone'] : [...fields];
  return { bad, ...parsed, phone: written };
}

/**
 * Anybody asks for a ClaveÚnica for any RUN: the same calls, rows and letters, whether it has an account, another case or
 * a wrong card. It gives no right to anything; the letter has a code and a link that confirm the address.
 */
export async function requestClave(
  parts: Needs,
  passer: Passer,
  { typed, before }: { readonly typed: Typed; /** The journey that was. */ readonly before: string | undefined },
): Promise<Requested> {
  const { bad, run, document, email, phone } = read(typed);
  if (run === undefined || document === undefined || email === undefined || bad.length > 0)
    return { kind: 'malformed', fields: bad };
  const now = parts.clock();
  const spent = await parts.attempts.spend(keysOfCode(passer), now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'case-throttled', ...trailOf(passer, now) });
    return spent;
  }
  const origin = (await enrolmentOf(parts, before))?.stage.origin;
  const asker = await askedByOf(parts, passer, origin);
  const id = uuid(parts.chance(16));
  const [code, until] = [codeOf(parts), now + REQUEST.confirm];
  const token = linkToken(parts, id);
  const lang = passer.lang === 'en' ? 'en' : 'es';
  const journey = await parts.transaction(async (tx) => {
    const request = { run, document, email, phone, lang } as const;
    const enrolment = { id, request, network: passer.network, token, domain: tellingDomain(email) };
    await tx.enrolments.add({ ...enrolment, createdAt: now, expiresAt: now + REQUEST.kept });
    const { sameEmail } = await tx.enrolments.alike(id, { email: now - 24 * HOUR, others: now - HOUR });
    const state = { at: 'confirm', caseId: id, hash: hashesOf(parts, id, code)[0] ?? '', tries: 0, until } as const;
    if (before !== undefined) await tx.journeys.end('enrolment', before);
    const begun = await tx.journeys.begin({ kind: 'enrolment', state: { ...state, origin }, until });
    const to = sameEmail < LETTERS_A_DAY ? email : undefined;
    const letter = { letter: 'enrolment-code', to, code, token, at: now, until, asker, lang } as const;
    await tx.outbox.add({ ...letter, accountId: undefined });
    await tx.audit.add({ kind: 'case-created', ...trailOf(passer, now, origin), details: { case: id } });
    return begun;
  });
  return { kind: 'requested', id: journey };
}

const codeOf = ({ chance }: Pick<Parts, 'chance'>): string =>
  codeFrom(Buffer.from(chance(CONFIRMATION_CODE.length), 'base64url'), CONFIRMATION_CODE.length);
/** Bound to its case; of each key, so that those rotate. */
const hashesOf = ({ vault }: Pick<Parts, 'vault'>, caseId: string, code: string): readonly string[] =>
  vault.indexes(`${caseId}|${code}`, 'enrolments.code').map((hash) => hash.toString('base64url'));

export type ContactShown =
  | { readonly kind: 'confirmed' }
  /** Wrong, mistyped, expired or worn out: nobody is told which. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'gone' }
  | Wait;

/** The code out of the letter: five tries, each counted before it is compared. */
export async function confirmRequest(
  parts: Needs,
  passer: Passer,
  { id, typed }: { readonly id: string | undefined; readonly typed: string },
): Promise<ContactShown> {
  const journey = await enrolmentOf(parts, id);
  if (journey?.stage.at !== 'confirm') return { kind: 'gone' };
  const now = parts.clock();
  const spent = await parts.attempts.spend(keysOfCode(passer), now);
  if (spent.kind === 'wait') {
    await parts.audit.add({ kind: 'case-throttled', ...trailOf(passer, now) });
    return spent;
  }
  const { stage } = journey;
  const code = parseCode(typed, CONFIRMATION_CODE.length);
  const step = { kind: 'enrolment', id: journey.id, now } as const;
  const counted =
    code !== undefined &&
    stage.tries < CONFIRMATION_CODE.tries &&
    stage.until > now &&
    (await parts.journeys.move({
      ...{ ...step, was: journey.version, until: stage.until },
      state: { ...stage, tries: stage.tries + 1 },
    }));
  const right = counted && hashesOf(parts, stage.caseId, code).includes(stage.hash);
  const done =
    right &&
    (await parts.transaction(async (tx) => {
      const caseId = await settle(tx, { caseId: stage.caseId, passer, now });
      if (caseId === undefined) return false;
      const state = { at: 'case', caseId, origin: stage.origin } as const;
      return tx.journeys.move({ ...step, was: journey.version + 1, state, until: now + STAGE.start });
    }));
  if (!done) {
    await parts.audit.add({ kind: 'case-confirm-refused', ...trailOf(passer, now), details: { case: stage.caseId } });
    return { kind: 'refused' };
  }
  await parts.attempts.giveBack(keysOfCode(passer), parts.clock());
  return { kind: 'confirmed' };
}

/** The link of a letter. It changes nothing while the address is not confirmed: programs open links too. */
export async function openLink(
  parts: Needs,
  { token, before }: { readonly token: string; readonly before: string | undefined },
): Promise<{ readonly id: string; readonly next: 'link' | 'case' } | undefined> {
  const enrolment = await parts.enrolments.byToken(token);
  if (!enrolment) return undefined;
  const origin = (await enrolmentOf(parts, before))?.stage.origin;
  const next = enrolment.stage === 'requested' ? 'link' : 'case';
  const state = { at: next, caseId: enrolment.id, origin } as const;
  return { next, id: await parts.journeys.begin({ kind: 'enrolment', state, until: parts.clock() + STAGE.start }) };
}

/** The button behind the link: whoever has it reads that mailbox. */
export async function confirmByLink(parts: Needs, passer: Passer, id: string | undefined): Promise<ContactShown> {
  const journey = await enrolmentOf(parts, id);
  if (journey?.stage.at !== 'link') return { kind: 'gone' };
  const now = parts.clock();
  const { stage, version } = journey;
  const done = await parts.transaction(async (tx) => {
    const caseId = await settle(tx, { caseId: stage.caseId, passer, now });
    if (caseId === undefined) return false;
    const state = { at: 'case', caseId, origin: stage.origin } as const;
    const step = { kind: 'enrolment', id: journey.id, was: version, now } as const;
    return tx.journeys.move({ ...step, state, until: now + STAGE.start });
  });
  return { kind: done ? 'confirmed' : 'gone' };
}

type Settling = { readonly caseId: string; readonly passer: Passer; readonly now: number };

/**
 * The address is hers. Of one RUN and one address there is one case: with another that lives she goes on there, and
 * the new one ends. Those of other addresses live beside it until one of them is identified.
 */
async function settle(
  tx: Pick<Tx, 'audit' | 'enrolments'>,
  { caseId, passer, now }: Settling,
): Promise<string | undefined> {
  const asked = await tx.enrolments.byId(caseId);
  if (!asked) return undefined;
  await tx.enrolments.lock(asked.request.run);
  const enrolment = await tx.enrolments.byId(caseId);
  if (!enrolment) return undefined;
  if (enrolment.stage !== 'requested') return caseId;
  const other = (await tx.enrolments.ofRun(enrolment.request.run)).find(
    (one) => one.id !== caseId && LIVE.includes(one.stage) && sameAddress(one.request.email, enrolment.request.email),
  );
  const by = { kind: 'citizen' } as const;
  if (other) {
    if (!(await tx.enrolments.move(enrolment, { move: 'withdraw', by, at: now }))) return undefined;
    await tx.audit.add({
      kind: 'case-withdrawn',
      ...trailOf(passer, now),
      details: { case: caseId, other: other.id },
    });
    return other.id;
  }
  const set = { contactConfirmedAt: now, expiresAt: now + REQUEST.kept };
  if (!(await tx.enrolments.move(enrolment, { move: 'confirm-contact', by, at: now, set }))) return undefined;
  await tx.audit.add({ kind: 'case-confirmed', ...trailOf(passer, now), details: { case: caseId } });
  return caseId;
}

const sameAddress = (one: string | undefined, other: string | undefined) =>
  one !== undefined && one.toLowerCase() === other?.toLowerCase();
