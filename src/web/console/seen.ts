import type { SeenSession } from '#views/parts/evidence.ts';
import { fullName } from '../../domain/account.ts';
import type { Parts } from '../../parts.ts';

type Evidence = Awaited<ReturnType<Parts['evidence']['ofCase']>>[number];

export const nameOfStaff = async ({ accounts }: Pick<Parts, 'accounts'>, id: string | undefined): Promise<string> => {
  const account = id === undefined ? undefined : await accounts.byId(id);
  return account ? fullName(account.person) : '—';
};

/** A session as who judges it reads it. */
export async function seenSession(parts: Pick<Parts, 'accounts'>, evidence: Evidence): Promise<SeenSession> {
  const { session, channel, officer, startedAt, drawn, work, result } = evidence;
  const { document, registry, exceptions, words, sheet } = work;
  return {
    ...{ session, channel, officer: await nameOfStaff(parts, officer), at: startedAt, drawn, words },
    ...{ result: result ?? 'open', ticks: sheet.ticks, registry: registry?.says },
    document: document && `${document.issuer} ${document.number} · ${document.expiry}`,
    exceptions: exceptions.map(({ kind }) => kind),
  };
}
