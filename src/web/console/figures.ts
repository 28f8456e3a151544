import { figuresPage, type FiguresRoom } from '#views/pages/console/figures.ts';
import { THERE } from '../../domain/presence.ts';
import { isEverywhere, type Agency, type Staff } from '../../domain/roles.ts';
import { exportList } from '../../flows/export-list.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { csvReply, notOut } from './csv-file.ts';
import { namesOf } from './names.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';
import { could } from './waiting.ts';

const WEEK_MS = 7 * 86_400_000;
type Figures = Pick<FiguresRoom, 'waiting' | 'noShows' | 'places' | 'officers'>;

type Act = 'figures see' | 'figures export';

/** Undefined: of every one. */
const agencyOf = (staff: Staff, act: Act): Agency | 'none' | undefined =>
  isEverywhere(staff, act) ? undefined : (staff.agency ?? 'none');

/** Who waits; of the last week who did not come and who approved what; of the next whether there is room. */
async function figuresOf(visit: StaffVisit, parts: Parts, act: Act): Promise<Figures> {
  const now = parts.clock();
  const [waiting, noShows, tallies, places] = await Promise.all([
    parts.figures.waiting({ video: now - THERE.video, office: now - THERE.office }),
    parts.figures.noShows({ from: now - WEEK_MS, to: now }),
    parts.evidence.byOfficer(now - WEEK_MS),
    parts.figures.places({ from: now, to: now + WEEK_MS }),
  ]);
  const agency = agencyOf(visit.actor.staff, act);
  const members = agency === 'none' ? [] : await parts.staff.list(agency === undefined ? {} : { agency });
  const own = new Set(members.map(({ accountId }) => accountId));
  const byOfficer = Map.groupBy(
    tallies.filter(({ officer }) => own.has(officer)),
    ({ officer }) => officer,
  );
  const { name } = await namesOf(parts, [...byOfficer.keys()]);
  const officers = [...byOfficer].map(([officer, all]) => {
    const of = (result: string) => all.find((one) => one.result === result)?.count ?? 0;
    const counts = { approved: of('approved'), rejected: of('rejected'), held: of('held') };
    return { name: name(officer), ...counts, 'broken-off': of('broken-off') };
  });
  return { waiting, noShows, places, officers };
}

async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const page = figuresPage(visit.frame, {
    ...{
      shell: shellOf(visit, parts),
      ...(await figuresOf(visit, parts, 'figures see')),
      mayExport: could(visit, 'figures export', {}),
    },
    ...{ refused: outcome?.refused, exporting: outcome?.exporting },
  });
  return { status: outcome?.status ?? 200, page };
}

/** A supervisor's pictures. */
export const showFigures = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

/** What each officer did, and the hours of each office, in one table. */
export async function exportFigures(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const reason = reasonOf(readForm(visit.body, reasonShape));
  const w = visit.frame.words.desk.figures;
  const { waiting, noShows, officers, places } = await figuresOf(visit, parts, 'figures export');
  const { approved, rejected, held, taken, capacity } = w.columns;
  const rows: readonly (readonly [string, string, string, number])[] = [
    ['', '', w.waiting, waiting],
    ['', '', w.noShows, noShows],
    ...officers.flatMap((one) =>
      (
        [
          [approved, one.approved],
          [rejected, one.rejected],
          [held, one.held],
          [w.columns['broken-off'], one['broken-off']],
        ] as const
      ).map(([what, count]) => [one.name, '', what, count] as const),
    ),
    ...places.flatMap((one) => {
      const where = one.office === '' ? w.video : one.office;
      return [['', where, taken, one.taken] as const, ['', where, capacity, one.capacity] as const];
    }),
  ];
  const outcome = await exportList(parts, visit.actor, {
    ...{ act: 'figures export', target: {}, reason, filter: { agency: agencyOf(visit.actor.staff, 'figures export') } },
    count: async (most) => Math.min(most, rows.length),
  });
  if (outcome.kind !== 'recorded') return room(visit, parts, { ...notOut(outcome), exporting: reason });
  return csvReply(parts, {
    ...{ name: 'cifras', outcome, head: [w.columns.who, w.columns.where, w.what, w.count] },
    page: async (place, limit) => {
      const from = Number(place?.id ?? 0);
      return rows.slice(from, from + limit).map((row, at) => ({ row, place: { key: '', id: String(from + at + 1) } }));
    },
    cells: async (all) => all,
  });
}
