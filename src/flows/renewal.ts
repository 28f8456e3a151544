import type { Account, Identified } from '../domain/account.ts';
import type { Renewal } from '../domain/renewal.ts';
import type { Tx } from '../parts.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { Work } from '../stores/evidence.ts';

type Case = Pick<Enrolment, 'request'> & { readonly work: Partial<Work>; readonly level: Identified };

/** What an identification leaves: how, the contact that she gave for it, and the registry's names. */
export function identifiedBy({ request, work, level }: Case): Renewal {
  const { email, phone } = { ...request, ...work.contact };
  const { names = [], surnames = [], birthdate } = work.registry ?? {};
  return {
    identified: level,
    ...(email !== undefined && { email }),
    ...(phone !== undefined && { phone }),
    ...(names.length > 0 && { names, surnames, birthdate }),
  };
}

/** The same for another code in place of the first; undefined when the account itself was made by that identification. */
export async function renewalOf(
  tx: Pick<Tx, 'accounts' | 'evidence'>,
  { id, level = 'video', identifiedAt = 0, request }: Enrolment,
  account: Pick<Account, 'id' | 'status'>,
): Promise<Renewal | undefined> {
  const made = (await tx.accounts.dates(account.id))?.createdAt ?? identifiedAt;
  if (account.status === 'not-activated' && made >= identifiedAt) return undefined;
  const [last] = await tx.evidence.ofCase(id);
  return identifiedBy({ request, work: last?.work ?? {}, level });
}
