import type { Account, Identified, Status } from '../domain/account.ts';
import { fullName, mayRecover } from '../domain/account.ts';
import { maskedEmail, maskedName, maskedPhone } from '../domain/mask.ts';
import { confirmedAddresses } from '../domain/notice.ts';
import type { ConsoleAct, Reason } from '../domain/roles.ts';
import type { Run } from '../domain/run.ts';
import { uuid } from '../domain/uuid.ts';
import type { Parts, Tx } from '../parts.ts';
import type { EventKind } from '../stores/audit.ts';
import { mayLookUp } from './look-ups.ts';
import { deskDetails } from './office-of.ts';
import { denied, reasonDetails, trailOf, type Actor, type Denied } from './permit.ts';

type Needs = Pick<
  Parts,
  | 'accounts'
  | 'audit'
  | 'attempts'
  | 'cases'
  | 'chance'
  | 'clock'
  | 'factors'
  | 'limits'
  | 'offices'
  | 'sessions'
  | 'transaction'
>;

/** As much of a record as an officer needs to help; nothing of it opens anything. */
export type PersonRecord = {
  readonly accountId: string;
  readonly name: string;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  readonly status: Status;
  readonly identified: Identified;
  readonly factors: number;
  readonly sessions: number;
  readonly cases: number;
  /** Milliseconds. */
  readonly lastSignIn: number | undefined;
};

export type LookedUp =
  | { readonly kind: 'found'; readonly record: PersonRecord }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'too-many' }
  | Denied;

const DAY = 86_400_000;

/** With a reason, recorded, sixty times an hour at most; her own record she sees at `/cuenta`. */
export async function lookUp(
  parts: Needs,
  actor: Actor,
  { run, reason }: { readonly run: Run; readonly reason: Reason },
): Promise<LookedUp> {
  const account = (await parts.accounts.forLogin(run))?.account;
  const no = await denied(parts, actor, { act: 'person look up', target: { accountId: account?.id }, reason });
  if (no) return no;
  const now = parts.clock();
  if (!(await mayLookUp(parts, actor, { act: 'person look up', accountId: account?.id }))) return { kind: 'too-many' };
  const found = account !== undefined;
  await parts.audit.add({
    kind: 'person-looked-up',
    at: now,
    details: { ...reasonDetails(reason), ...(await deskDetails(parts, actor)), found },
    ...trailOf(actor, account?.id),
  });
  return account ? { kind: 'found', record: await recordOf(parts, account, now) } : { kind: 'nobody' };
}

async function recordOf(parts: Needs, { id, person, status, identified }: Account, now: number): Promise<PersonRecord> {
  const [factors, sessions, cases, [last]] = await Promise.all([
    parts.factors.of(id),
    parts.sessions.list(id, now - DAY),
    parts.cases.ofAccount(id),
    parts.audit.find({ accountId: id, kind: 'login-succeeded', from: 0, until: now + 1, limit: 1 }),
  ]);
  return {
    accountId: id,
    name: maskedName(fullName(person)),
    email: person.emailVerified && person.email !== undefined ? maskedEmail(person.email) : undefined,
    phone: person.phoneVerified && person.phone !== undefined ? maskedPhone(person.phone) : undefined,
    ...{ status, identified, factors: factors.length, cases: cases.length, lastSignIn: last?.at },
    sessions: sessions.filter(({ endedAt }) => endedAt === undefined).length,
  };
}

/** What an officer can do for somebody. */
export const PERSON_ACTS = ['send-recovery', 'block', 'unblock', 'end-sessions', 'open-case'] as const;
export type PersonAct = (typeof PERSON_ACTS)[number];

export type ActedOn =
  | { readonly kind: 'done' }
  | { readonly kind: 'gone' }
  /** She has no confirmed address that a letter could go to. */
  | { readonly kind: 'no-address' }
  /** So many letters are enough for an hour. */
  | { readonly kind: 'too-many' }
  | Denied;

/** Which row of the table of roles each asks. */
export const RULE_OF: Readonly<Record<PersonAct, ConsoleAct>> = {
  'send-recovery': 'person send recovery',
  block: 'person block',
  unblock: 'person unblock',
  'end-sessions': 'person end sessions',
  'open-case': 'person open case',
};
const EVENT_OF: Readonly<Record<PersonAct, EventKind>> = {
  'send-recovery': 'person-recovery-sent',
  block: 'person-blocked',
  unblock: 'person-unblocked',
  'end-sessions': 'person-sessions-ended',
  'open-case': 'person-case-opened',
};

/** Done and recorded, or neither. */
export async function actOnPerson(
  parts: Needs,
  actor: Actor,
  { accountId, act, reason }: { readonly accountId: string; readonly act: PersonAct; readonly reason: Reason },
): Promise<ActedOn> {
  const account = await parts.accounts.byId(accountId);
  const no = await denied(parts, actor, { act: RULE_OF[act], target: { accountId: account?.id }, reason });
  if (no) return no;
  if (!account) return { kind: 'gone' };
  const now = parts.clock();
  const unsendable = act === 'send-recovery' ? await cannotSend(parts, account, now) : undefined;
  if (unsendable) return { kind: unsendable };
  const token = parts.chance(32);
  const desk = await deskDetails(parts, actor);
  const outcome = await parts.transaction(async (tx): Promise<ActedOn> => {
    const id = uuid(parts.chance(16));
    const done = await change(tx, { act, account, actor, site: desk['office'] ?? '', now, token, id, reason });
    if (!done) return { kind: 'gone' };
    const details = { ...reasonDetails(reason), ...desk };
    await tx.audit.add({ kind: EVENT_OF[act], at: now, details, ...trailOf(actor, accountId) });
    return { kind: 'done' };
  });
  // Who proved herself to an officer is not to wait for strangers' guesses.
  if (outcome.kind === 'done' && act === 'unblock')
    await parts.attempts.forgive([{ context: 'unknown-ever', id: account.person.run }], now);
  return outcome;
}

/** A letter that nobody gets, or a fourth one within the hour, is none. */
async function cannotSend(
  { limits }: Pick<Parts, 'limits'>,
  { id, person }: Account,
  now: number,
): Promise<'no-address' | 'too-many' | undefined> {
  if (confirmedAddresses(person).length === 0) return 'no-address';
  const use = { row: 'send-recovery', network: id, limit: '3 per hour per person', now } as const;
  return (await limits.take(use)) ? undefined : 'too-many';
}

type Change = {
  readonly act: PersonAct;
  readonly account: Account;
  readonly actor: Actor;
  /** From which office, for the letter. */
  readonly site: string;
  readonly now: number;
  /** Of «No fui yo» in the letter. */
  readonly token: string;
  /** For a case. */
  readonly id: string;
  readonly reason: Reason;
};

/** False when it is not so that it could be done: two officers at once, say. */
async function change(tx: Tx, { act, account, actor, site, now, token, id, reason }: Change): Promise<boolean> {
  switch (act) {
    case 'send-recovery':
      if (!mayRecover(account)) return false;
      // The way, and no code: that comes to the browser that asks for it.
      for (const to of confirmedAddresses(account.person))
        await tx.outbox.add({
          ...{ letter: 'notice', event: 'recovery-sent', accountId: account.id, at: now, token, to },
          ...{ asker: { deviceName: '', network: '', site }, lang: account.person.lang },
        });
      return true;
    case 'block':
      // First: what is not done, and so not recorded, ends nothing.
      if (!(await tx.accounts.moveStatus(account.id, { from: ['active', 'paused'], to: 'blocked', at: now })))
        return false;
      await tx.sessions.endAll(account.id, now);
      await tx.journeys.endOf(account.id, { kinds: ['recovery', 'account', 'console'] });
      return true;
    case 'unblock':
      return tx.accounts.moveStatus(account.id, { from: ['blocked', 'paused'], to: 'active', at: now });
    case 'end-sessions':
      await tx.accounts.revokeUntil(account.id, Math.floor(now / 1000) + 1);
      await tx.sessions.endAll(account.id, now);
      await tx.journeys.endOf(account.id, { kinds: ['account', 'console'] });
      return true;
    case 'open-case':
      await tx.cases.open({
        id,
        kind: 'staff',
        accountId: account.id,
        at: now,
        openedBy: actor.staff.accountId,
        details: { reason: reason.kind, words: reason.text },
      });
      return true;
  }
}
