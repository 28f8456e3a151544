import type { Parts } from '../parts.ts';

/** Work of Postgres that failed and is tried again by itself: a line each time, but while Postgres is away. */
export const missed =
  ({ log, outages }: Pick<Parts, 'log' | 'outages'>, work: string) =>
  (err: unknown): void =>
    outages.met(err, { store: 'postgres', tell: () => log.warn({ err }, work) });
