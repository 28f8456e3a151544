import type { SeenSession } from '#views/parts/evidence.ts';
import type { Parts } from '../../parts.ts';
import type { Names } from './names.ts';

type Evidence = Awaited<ReturnType<Parts['evidence']['ofCase']>>[number];

/** Whom a session names. */
export const namedIn = ({ officer, work }: Evidence): readonly string[] => [
  officer,
  ...work.exceptions.map(({ by }) => by),
];

/** A session as who judges it reads it. */
export function seenSession({ name }: Names, evidence: Evidence): SeenSession {
  const { session, channel, officer, startedAt, drawn, work, result } = evidence;
  const { document, registry, exceptions, words, sheet } = work;
  return {
    ...{ session, channel, officer: name(officer), at: startedAt, drawn, words },
    ...{ result: result ?? 'open', ticks: sheet.ticks, registry: registry?.says },
    document: document && `${document.issuer} ${document.number} · ${document.expiry}`,
    exceptions: exceptions.map(({ kind, by }) => ({ kind, by: name(by) })),
  };
}
