import { consoleDoorPage } from '#views/pages/console/door.ts';
import type { Reply } from '../kit/row.ts';
import type { StaffDoorVisit } from '../kit/staff-row.ts';

export const signIn = async ({ signIn: go }: StaffDoorVisit): Promise<Reply> => ({ status: 303, to: await go('/') });

/** What the provider answered becomes a session of the console, or a page that says why not. */
export async function comeIn({ frame, arrive, config }: StaffDoorVisit): Promise<Reply> {
  const arrived = await arrive();
  if (arrived === undefined || arrived === 'cancelled')
    return { status: 410, page: consoleDoorPage(frame, { kind: 'stale' }) };
  if (arrived === 'not-staff') return { status: 403, page: consoleDoorPage(frame, { kind: 'not-staff' }) };
  if (arrived === 'weak') {
    const also = { href: `${config.publicOrigin}/cuenta/factores`, label: frame.words.account.title };
    return { status: 403, page: consoleDoorPage(frame, { kind: 'weak', also }) };
  }
  return { status: 303, to: arrived.to };
}

/** Our own session at once, then RP-initiated logout. */
export const goOut = async ({ leave }: StaffDoorVisit): Promise<Reply> => ({
  status: 303,
  to: (await leave()) ?? '/salida',
});

export const showLeft = async ({ frame }: StaffDoorVisit): Promise<Reply> => ({
  status: 200,
  page: consoleDoorPage(frame, { kind: 'left' }),
});
