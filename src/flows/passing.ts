import type { Origin } from '../domain/journey.ts';
import type { AskedBy } from '../domain/notice.ts';
import type { Parts } from '../parts.ts';

/** Who passes through a flow of ours, outside of any sign-in: from where, with what, in which language. */
export type Passer = {
  readonly device: string;
  readonly deviceName: string;
  readonly network: string;
  readonly source: string;
  readonly requestId: string;
  readonly lang: string;
};

export const trailOf = ({ requestId, network }: Passer, at: number, origin?: Origin) => ({
  ...{ at, requestId, network },
  clientId: origin?.clientId,
});

/** The state website she was on her way to, as letters name it; else our own name. */
export async function askedByOf(
  { clients }: Pick<Parts, 'clients'>,
  { deviceName, network }: Passer,
  origin: Origin | undefined,
): Promise<AskedBy> {
  const client = origin && (await clients.byId(origin.clientId));
  return { deviceName, network, site: client?.name ?? 'ClaveÚnica' };
}

/**
 * Guesses of codes count for the address they come from, as guesses of passwords do. Not for the RUN: a stranger
 * could keep its owner from recovering, and each code has five tries of its own.
 */
export const keysOfCode = ({ source }: Pick<Passer, 'source'>) => [{ context: 'source' as const, id: source }];
