import type { Refusal } from '#views/parts/console.ts';
import { CSV_BEGIN, csvRow } from '../../domain/csv.ts';
import type { Place, Placed } from '../../domain/list.ts';
import type { Exported } from '../../flows/export-list.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';

const STEP = 500;

type File<Row> = {
  readonly name: string;
  /** What was recorded goes out, and not one row more. */
  readonly outcome: { readonly rows: number; readonly more: boolean };
  readonly head: readonly string[];
  readonly page: (place: Place | undefined, limit: number) => Promise<readonly Placed<Row>[]>;
  /** Of the rows of one step, so that whoever is named in them is looked up once for all. */
  readonly cells: (rows: readonly Row[]) => Promise<readonly (readonly (string | number)[])[]>;
};

/** Page by page, as fast as it is taken: nobody's memory holds it all. */
async function* rowsOf<Row>({ outcome, head, page, cells }: File<Row>): AsyncGenerator<string> {
  yield CSV_BEGIN + csvRow(head);
  let place: Place | undefined;
  for (let left = outcome.rows; left > 0;) {
    const found = await page(place, Math.min(STEP, left));
    if (found.length === 0) return;
    const lines = await cells(found.map(({ row }) => row));
    yield lines.map(csvRow).join('');
    left -= found.length;
    place = found.at(-1)?.place;
  }
}

export function csvReply<Row>({ clock }: Pick<Parts, 'clock'>, file: File<Row>): Reply {
  const day = new Date(clock()).toISOString().slice(0, 10);
  const part = file.outcome.more ? `-primeras-${String(file.outcome.rows)}` : '';
  return {
    status: 200,
    file: { name: `${file.name}-${day}${part}.csv`, type: 'text/csv; charset=utf-8' },
    rows: rowsOf(file),
  };
}

/** Why there is no file. */
export function notOut(outcome: Exclude<Exported, { kind: 'recorded' }>): { status: number; refused: Refusal } {
  if (outcome.kind === 'too-many') return { status: 429, refused: 'exports-enough' };
  return { status: outcome.lacks === 'reason' ? 422 : 403, refused: outcome.lacks };
}
