import { clientsPage } from '#views/pages/console/clients.ts';
import type { Address } from '#views/parts/table.ts';
import { z } from 'zod';
import { PROFILES, STATES, type ClientFilter, type ClientSort } from '../../domain/client.ts';
import { hersAlone } from '../../flows/client-change.ts';
import { exportList } from '../../flows/export-list.ts';
import type { Parts } from '../../parts.ts';
import { readForm } from '../kit/form.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffVisit } from '../kit/staff-row.ts';
import { askedWord, foundOf, pageAsked, pagingOf, sortOf, TO_COUNT, writtenOrder, type Sorted } from './asked-list.ts';
import { csvReply, notOut } from './csv-file.ts';
import { reasonOf, reasonShape, shellOf, type Refused } from './shell.ts';

const ROOM = '/instituciones';
const SORTS: Sorted<ClientSort> = { sorts: ['name', 'institution'], first: 'name' };

const askedOf = (query: URLSearchParams) => ({
  palabras: askedWord(query, 'palabras'),
  estado: STATES.find((one) => one === query.get('estado')),
  perfil: PROFILES.find((one) => one === query.get('perfil')),
});

/** An institution sees its own sites. */
function filterOf(visit: StaffVisit, query: URLSearchParams): ClientFilter {
  const { palabras, estado, perfil } = askedOf(query);
  return { words: palabras, state: estado, profile: perfil, institution: hersAlone(visit.actor) };
}

async function room(visit: StaffVisit, parts: Parts, outcome?: Refused): Promise<Reply> {
  const [filter, paging] = [filterOf(visit, visit.query), pagingOf(visit.query, SORTS)];
  const orden = writtenOrder(visit.query, paging);
  const address: Address = { path: ROOM, asked: { ...askedOf(visit.query), orden } };
  const [found, counted] = await Promise.all([
    parts.clients.page(filter, paging),
    parts.clients.count(filter, TO_COUNT),
  ]);
  const { rows, before, after } = pageAsked(found, paging, address);
  return {
    status: outcome?.status ?? 200,
    page: clientsPage(visit.frame, {
      ...{ shell: shellOf(visit, parts), clients: rows, address, found: foundOf(counted), before, after },
      sorts: { name: sortOf('name', paging, address), institution: sortOf('institution', paging, address) },
      ...{ refused: outcome?.refused, exporting: outcome?.exporting },
    }),
  };
}

export const showClients = (visit: StaffVisit, parts: Parts): Promise<Reply> => room(visit, parts);

const word = z.string().max(100).default('');
/** The reason has `palabras`. */
const exportShape = { ...reasonShape, filtro: word, estado: word, perfil: word };

/** Those of the filter, as a file; nothing of their secrets. */
export async function exportClients(visit: StaffVisit, parts: Parts): Promise<Reply> {
  const { filtro, estado, perfil, ...said } = readForm(visit.body, exportShape);
  const query = new URLSearchParams({ palabras: filtro, estado, perfil });
  const [filter, reason] = [filterOf(visit, query), reasonOf(said)];
  const { institution } = visit.actor.staff;
  const { words, ...shown } = filter;
  const outcome = await exportList(parts, visit.actor, {
    ...{ act: 'client export', target: { institution }, reason, filter: { ...shown, name: words } },
    count: (most) => parts.clients.count(filter, most),
  });
  if (outcome.kind !== 'recorded') return room({ ...visit, query }, parts, { ...notOut(outcome), exporting: reason });
  const w = visit.frame.words.clients;
  const { name, institution: owner, profile, state } = w.columns;
  return csvReply(parts, {
    ...{ name: 'sitios', outcome, head: [w.rows.id, name, owner, profile, state, w.rows.auth, w.rows.scopes] },
    page: (place, limit) => parts.clients.page(filter, { sort: 'name', desc: false, place, limit }),
    cells: async (rows) =>
      rows.map((one) => [
        ...[one.id, one.name, one.institution, w.profiles[one.profile], w.states[one.state]],
        ...[one.auth, one.scopes.join(' ')],
      ]),
  });
}
