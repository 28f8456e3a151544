import { AHEAD_DAYS, dayAfter, dayStart, localDay, placesOf, type Office } from '../domain/schedule.ts';
import type { Parts } from '../parts.ts';

type Needs = Pick<Parts, 'bookings' | 'clock' | 'isHoliday' | 'offices'>;

/** Makes the places of today and the days ahead from who works when; those that are there are kept. How many. */
export async function makePlaces(parts: Needs, days: number = AHEAD_DAYS): Promise<number> {
  const today = localDay(parts.clock());
  const [offices, shifts] = await Promise.all([
    parts.offices.list(),
    parts.offices.shifts({ from: today, to: dayAfter(today, days) }),
  ]);
  const working = Map.groupBy(shifts, ({ day, office = '' }) => `${day} ${office}`);
  let made = 0;
  for (let n = 0; n <= days; n += 1) {
    const day = dayAfter(today, n);
    const holiday = await parts.isHoliday(day);
    const [from, to] = [dayStart(day), dayStart(dayAfter(day, 1))];
    const one = async (channel: 'video' | 'office', office: Office | undefined) => {
      const shifts = working.get(`${day} ${office?.id ?? ''}`) ?? [];
      const places = placesOf({ day, channel, office, holiday, shifts });
      await parts.bookings.setPlaces({ channel, office: office?.id ?? '', from, to }, places);
      made += places.length;
    };
    await one('video', undefined);
    for (const office of offices) await one('office', office);
  }
  return made;
}
