/** An hour for somebody's calendar; milliseconds. */
export type Appointment = {
  /** The same for all that is sent about it, so that a calendar moves or removes what it has. */
  readonly uid: string;
  /** Grows with each change. */
  readonly sequence: number;
  readonly at: number;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly title: string;
  readonly text: string;
  readonly place: string;
  readonly url: string;
  readonly cancelled: boolean;
};
export type Calendar = (appointment: Appointment) => Promise<string>;

const HOUR = 3_600_000;

/** A calendar file (RFC 5545) with instants in UTC, so that no change of the hour in Chile moves it; read on first use. */
export const icalendar: Calendar = async ({ uid, sequence, at, startsAt, endsAt, cancelled, ...what }) => {
  const { default: ical, ICalAlarmType, ICalCalendarMethod, ICalEventStatus } = await import('ical-generator');
  const calendar = ical({
    prodId: { company: 'ClaveUnica', product: 'enrolment', language: 'ES' },
    method: cancelled ? ICalCalendarMethod.CANCEL : ICalCalendarMethod.PUBLISH,
  });
  calendar.createEvent({
    ...{ id: uid, sequence, stamp: new Date(at), start: new Date(startsAt), end: new Date(endsAt) },
    ...{ summary: what.title, description: what.text, location: what.place, url: what.url },
    status: cancelled ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    alarms: cancelled ? [] : [{ type: ICalAlarmType.display, trigger: HOUR / 1000 }],
  });
  return calendar.toString();
};
