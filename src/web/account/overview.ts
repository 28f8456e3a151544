import { overviewPage } from '#views/pages/account/overview.ts';
import type { AccountShell } from '#views/parts/account.ts';
import { fullName } from '../../domain/account.ts';
import { writtenRun } from '../../domain/run.ts';
import { fewCodes } from '../../domain/factor.ts';
import { lastAccess } from '../../flows/activity.ts';
import type { Parts } from '../../parts.ts';
import type { Act, AccountVisit } from '../kit/row.ts';

/** What stands around each page of the account. */
export const shellOf = ({ csrf, shared }: AccountVisit, { clock }: Pick<Parts, 'clock'>): AccountShell => ({
  csrf,
  shared,
  now: clock(),
});

export const showOverview: Act<AccountVisit> = async (visit, parts) => {
  const { account, frame, session } = visit;
  const { person, identified } = account;
  const factors = await parts.factors.of(account.id);
  return {
    status: 200,
    page: overviewPage(frame, {
      shell: shellOf(visit, parts),
      firstName: person.names[0] ?? '',
      name: fullName(person),
      run: writtenRun(person.run),
      identified,
      email: person.emailVerified ? person.email : undefined,
      fewCodes: fewCodes(factors),
      last: await lastAccess(parts, { accountId: account.id, uid: session.uid }),
    }),
  };
};
