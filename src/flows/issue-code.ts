import type { Account } from '../domain/account.ts';
import { activatedPerson, mayActivate } from './activation.ts';
import { ACTIVATION_CODE, activationCodeFrom } from '../domain/code.ts';
import type { Renewal } from '../domain/renewal.ts';
import type { Run } from '../domain/run.ts';
import type { Parts, Tx } from '../parts.ts';

export type CodeIssued =
  /** To print or to show: it is told this once, and to nobody else. `code` as it is, not in groups; `until` in milliseconds. */
  | { readonly kind: 'issued'; readonly code: string; readonly until: number; readonly account: Account }
  | { readonly kind: 'mailed'; readonly until: number; readonly account: Account }
  | { readonly kind: 'refused'; readonly reason: 'unknown' | 'not-waiting' | 'no-mail' | 'no-contact' | 'too-many' };

type Wish = {
  readonly run: Run;
  readonly by: 'mail' | 'print';
  /** She was identified again: what that left takes the place of what was, once the code has been used. */
  readonly renewal?: Renewal | undefined;
  /** She has no address at all: another officer prints the second code. */
  readonly second?: 'printed' | undefined;
  /** For the record: who issued it. */
  readonly details?: Readonly<Record<string, string>>;
};

/** An activation code for somebody who was identified; a new one kills the old one. */
export async function issueActivationCode(
  parts: Pick<Parts, 'accounts' | 'chance' | 'clock' | 'transaction'>,
  { run, by, renewal, second, details = {} }: Wish,
): Promise<CodeIssued> {
  const account = (await parts.accounts.forLogin(run))?.account;
  if (!account) return { kind: 'refused', reason: 'unknown' };
  const waits = renewal ? mayActivate(account, renewal) : account.status === 'not-activated';
  if (!waits) return { kind: 'refused', reason: 'not-waiting' };
  const person = activatedPerson(account, renewal);
  if (renewal && second === undefined && person.email === undefined && person.phone === undefined)
    return { kind: 'refused', reason: 'no-contact' };
  if (by === 'mail' && person.email === undefined) return { kind: 'refused', reason: 'no-mail' };
  const { length, lifetimes, perHour, perDay } = ACTIVATION_CODE;
  const [now, lifetime] = [parts.clock(), lifetimes[by]];
  const code = activationCodeFrom(Buffer.from(parts.chance(length), 'base64url'));
  const [accountId, until] = [account.id, now + lifetime];
  const issued = await parts.transaction(async (tx) => {
    const purpose = 'activation' as const;
    if (
      !(await tx.codes.issue({
        purpose,
        binding: run,
        accountId,
        code,
        now,
        lifetime,
        perHour,
        perDay,
        details: renewal,
      }))
    )
      return false;
    // What another officer printed went with the code that is dead.
    await tx.codes.endOf(accountId, ['activation-second'], now);
    await tx.audit.add({
      kind: 'code-issued',
      at: now,
      accountId,
      details: { by, ...(renewal && { again: renewal.identified }), ...details },
    });
    const asker = { deviceName: '', network: '', site: '' };
    if (by === 'mail')
      await tx.outbox.add({
        letter: 'activation-code',
        accountId,
        at: now,
        code,
        until,
        asker,
        lang: person.lang,
        only: renewal && person.email,
      });
    return true;
  });
  if (!issued) return { kind: 'refused', reason: 'too-many' };
  return by === 'mail' ? { kind: 'mailed', until, account } : { kind: 'issued', code, until, account };
}

/** The same as a part of a transaction that has begun. */
export const issueWithin = (tx: Tx, parts: Pick<Parts, 'chance' | 'clock'>, wish: Wish): Promise<CodeIssued> =>
  issueActivationCode({ ...parts, accounts: tx.accounts, transaction: (act) => act(tx) }, wish);
