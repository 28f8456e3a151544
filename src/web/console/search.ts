import { searchPage } from '#views/pages/console/search.ts';
import { ROOMS, type Room } from '#views/parts/console.ts';
import { saidRequest } from '../../domain/help-code.ts';
import { folded } from '../../domain/list.ts';
import { mayTry } from '../../domain/roles.ts';
import { parseRun, writtenRun } from '../../domain/run.ts';
import { isUuid } from '../../domain/uuid.ts';
import { hersAlone } from '../../flows/client-change.ts';
import type { Parts } from '../../parts.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { askedWord } from './asked-list.ts';
import { NOTHING_TYPED } from './audit.ts';
import { shellOf } from './shell.ts';

const CLIENTS = 8;

/** By a few letters of its name, of its address, or of what it says of itself. */
function roomsFor({ frame }: StaffVisit, open: readonly Room[], said: string): readonly Room[] {
  const w = frame.words.console.rooms;
  const wanted = folded(said);
  const named = open.filter((room) => folded(`${w[room].title} ${ROOMS[room]}`).includes(wanted));
  return named.length > 0 || wanted.length < 4 ? named : open.filter((room) => folded(w[room].text).includes(wanted));
}

/** Only what her role may see; and of people nothing at all: a RUN leads to a form that asks why. */
export async function showSearch(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { staff } = visit.actor;
  const said = askedWord(visit.query, 'q') ?? '';
  const shell = shellOf(visit, parts);
  const run = parseRun(said);
  const request = saidRequest(said);
  const rooms = said === '' || run ? [] : roomsFor(visit, shell.rooms, said);
  const clients =
    said === '' || run || !mayTry(staff, 'client list')
      ? []
      : await parts.clients.page(
          { words: said, institution: hersAlone(visit.actor) },
          { sort: 'name', desc: false, limit: CLIENTS },
        );
  const mayAudit = mayTry(staff, 'audit search');
  const written = run && writtenRun(run);
  const mayLookUp = mayTry(staff, 'person look up');
  return {
    status: 200,
    page: searchPage(visit.frame, {
      ...{ shell, said: written ?? said, clients: clients.map(({ row }) => row) },
      // One form is enough; the other room is a link.
      rooms: run && mayLookUp && mayAudit ? ['audit'] : rooms,
      ...(isUuid(said) && mayTry(staff, 'case see') && { caseId: said.toLowerCase() }),
      ...(written !== undefined && mayLookUp && { run: written }),
      ...(written !== undefined && mayAudit && !mayLookUp && { audit: { ...NOTHING_TYPED, run: written } }),
      helpCode: request !== undefined && !mayAudit,
      // Some names are codes as well: a room that is called so is meant.
      ...(request && mayAudit && rooms.length === 0 && { audit: { ...NOTHING_TYPED, request: said } }),
    }),
  };
}
