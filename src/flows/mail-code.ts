import { mayLogIn } from '../domain/account.ts';
import { MAILED_CODE, parseCode } from '../domain/code.ts';
import { EVERYBODY } from '../domain/throttle.ts';
import type { Parts } from '../parts.ts';
import { mustChangeClave } from './forced-change.ts';
import {
  bindingOf,
  PASSWORD,
  recordLogin,
  signedIn,
  wantChange,
  wantFactor,
  type Asker,
  type ChangeWanted,
  type FactorWanted,
  type SignedIn,
} from './log-in.ts';

export type MailCode = SignedIn | FactorWanted | ChangeWanted | { readonly kind: 'refused' };

type Needs = Pick<Parts, 'accounts' | 'audit' | 'chance' | 'clock' | 'codes' | 'factors' | 'logins' | 'switches'>;

/** The code that came by mail, typed where the password was: with both she is in, and unknown contexts are open again. */
export async function enterMailCode(parts: Needs, asker: Asker & { readonly typed: string }): Promise<MailCode> {
  const now = parts.clock();
  const { clientId, requestId, network } = asker;
  const { length, tries } = MAILED_CODE;
  const code = parseCode(asker.typed, length);
  const accountId =
    code === undefined
      ? undefined
      : await parts.codes.use({ purpose: 'sign-in', binding: bindingOf(asker), code, now, tries });
  const account = accountId === undefined ? undefined : await parts.accounts.byId(accountId);
  if (!account || !mayLogIn(account)) {
    await parts.audit.add({ kind: 'step-refused', at: now, clientId, requestId, network });
    return { kind: 'refused' };
  }
  if ((await parts.factors.of(account.id)).length > 0) return wantFactor(parts, { account, asker, now });
  if (await mustChangeClave(parts, account.id))
    return wantChange(parts, { account, asker, now }, { ...PASSWORD, by: 'mail' });
  const forgiven = [{ context: 'unknown-ever', id: account.person.run }, EVERYBODY] as const;
  await recordLogin(parts, { account, asker, now }, { amr: ['pwd'], forgiven });
  return signedIn(account, now);
}
