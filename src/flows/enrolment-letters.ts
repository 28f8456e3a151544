import type { Rejection } from '../domain/checklist.ts';
import type { Parts, Tx } from '../parts.ts';
import type { Booking } from '../stores/bookings.ts';
import type { Enrolment } from '../stores/enrolments.ts';
import type { EnrolmentEvent } from '../stores/outbox.ts';

type Needs = Pick<Parts, 'vault'>;
const PLACE = 'enrolments.link';

/** What stands in the links of her letters: 256 bits that nobody can work out without our keys. */
export const linkToken = ({ vault }: Needs, caseId: string): string =>
  vault.indexes(caseId, PLACE)[0].toString('base64url');

type About = {
  readonly enrolment: Pick<Enrolment, 'contactConfirmedAt' | 'id' | 'request' | 'version'>;
  readonly event: EnrolmentEvent;
  readonly at: number;
  readonly rejection?: Rejection | undefined;
  readonly booking?: Pick<Booking, 'place'> | undefined;
};

/**
 * A letter about a case to its owner, in the transaction of what it tells. Without an address there is nobody to tell, and
 * one that nobody has confirmed may be anybody's.
 */
export async function writeTo(
  tx: Pick<Tx, 'enrolments' | 'offices' | 'outbox'>,
  parts: Needs,
  { enrolment, event, at, booking, rejection }: About,
): Promise<void> {
  const { id, version, request } = enrolment;
  const { email, lang } = request;
  if (email === undefined || enrolment.contactConfirmedAt === undefined) return;
  const token = linkToken(parts, id);
  // The same again, unless the keys have changed since.
  await tx.enrolments.replaceToken(id, token);
  const office = booking?.place.office ? await tx.offices.byId(booking.place.office) : undefined;
  await tx.outbox.add({
    ...{ letter: 'enrolment', event, accountId: undefined, at, lang, to: email, token, caseId: id, version },
    ...(rejection && { rejection }),
    ...(booking && {
      hour: {
        ...{ channel: booking.place.channel, startsAt: booking.place.startsAt, endsAt: booking.place.endsAt },
        ...(office && { office: office.name, address: `${office.address}, ${office.comuna}` }),
      },
    }),
  });
}
