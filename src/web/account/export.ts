import { exportPage, type ExportShown } from '#views/pages/account/export.ts';
import { writtenRun } from '../../domain/run.ts';
import { exportData, type Exported } from '../../flows/export-data.ts';
import type { Act, AccountVisit } from '../kit/row.ts';
import { shellOf } from './overview.ts';
import { ownerOf } from './owner.ts';

/** In words where the pages have some; else as the file says it. */
function eventName(kind: string, { activity, download }: AccountVisit['frame']['words']): string {
  const known: Readonly<Record<string, string>> = { ...activity.events, ...download.events };
  return known[kind] ?? kind;
}

/** The same data as in the file, for reading and printing. */
export const showExport: Act<AccountVisit> = async (visit, parts) => {
  const data = await exportData(parts, ownerOf(visit));
  const { person, identified } = data;
  const { words } = visit.frame;
  const { contact, account } = words;
  const of = (label: string, value: string | undefined, confirmed: boolean) =>
    value === undefined ? [] : [{ label, value, confirmed }];
  const shown: ExportShown = {
    ...data,
    shell: shellOf(visit, parts),
    names: person.names.join(' '),
    surnames: person.surnames.join(' '),
    run: writtenRun(person.run),
    birthdate: person.birthdate,
    identified: account.overview.identifiedBy[identified],
    contact: [
      ...of(contact.kinds.email, person.email, person.emailVerified ?? false),
      ...of(contact.kinds['other-email'], person.otherEmail, true),
      ...of(contact.kinds.phone, person.phone, person.phoneVerified ?? false),
    ],
    events: data.events.map((event) => ({ ...event, kind: eventName(event.kind, words) })),
    changes: data.contactChanges.map(({ at, what, before }) => {
      const { email, otherEmail, phone } = before;
      return { at, label: contact.kinds[what], before: [email, otherEmail, phone].filter(Boolean).join(', ') };
    }),
  };
  return { status: 200, page: exportPage(visit.frame, shown) };
};

const AS_FILE = { 'content-disposition': 'attachment; filename="claveunica.json"' };

/** Machine-readable: moments as ISO 8601 in UTC. */
export const downloadExport: Act<AccountVisit> = async (visit, parts) => {
  const data = await exportData(parts, ownerOf(visit));
  return { status: 200, json: withMoments(data), headers: AS_FILE };
};

const withMoments = (data: Exported): unknown =>
  JSON.parse(
    JSON.stringify(data, (name, value: unknown) =>
      typeof value === 'number' && /^(at|\w+At)$/.test(name) ? new Date(value).toISOString() : value,
    ),
  );
