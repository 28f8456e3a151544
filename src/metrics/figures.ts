import type { Live } from '../connect.ts';
import { gaugeOf, type Figure } from '../domain/figure.ts';
import { processFigures } from '../gateways/prometheus.ts';
import { within } from '../tasks/pace.ts';
import { databaseFigures } from './database.ts';

/** Nobody who scrapes waits longer for a part, the database among them; milliseconds. */
const PATIENCE = 1000;

type Tools = Pick<Live, 'parts' | 'auditChain'> & {
  /** Asks the database as well: one process of a start does. */
  readonly first: boolean;
  readonly isLeaving: () => boolean;
  readonly patience?: number;
};

/** All that a process that serves can say of itself. What is away makes its figures absent, or zero. */
export function figuresOf({ first, isLeaving, patience = PATIENCE, ...live }: Tools): () => Promise<readonly Figure[]> {
  const { meters, health } = live.parts;
  const database = first ? databaseFigures(live, patience) : async () => [];
  const parts = async () => {
    const said = await within(patience, health()).catch(() => ({}));
    const up: Readonly<Record<string, boolean>> = { process: !isLeaving(), ...said };
    const names = ['process', 'postgres', 'redis'] as const;
    return gaugeOf(
      'claveunica_part_up',
      names.flatMap((part) => (up[part] === undefined ? [] : [[{ part }, Number(up[part])] as const])),
    );
  };
  return async () => {
    const [here, ready, there] = await Promise.all([processFigures(), parts(), database()]);
    return [...meters.figures(), ready, ...there, ...here];
  };
}
