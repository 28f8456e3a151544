import test from 'ava';
import { instantOf } from '../../src/domain/schedule.ts';
import { icalendar } from '../../src/gateways/calendar.ts';

const about = {
  ...{ uid: 'case@clave.example', sequence: 3, at: Date.UTC(2027, 0, 4, 12), cancelled: false },
  ...{ title: 'Hora', text: 'Trae tu cédula', place: 'Santiago Centro', url: 'https://clave.example/x' },
};
const at = (file: string, name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(file.replaceAll('\r', ''))?.[1];
/** The hour on a clock in Chile, as people read it. */
const read = (instant: number) =>
  new Intl.DateTimeFormat('es-CL', {
    ...{ timeZone: 'America/Santiago', hourCycle: 'h23', hour: '2-digit', minute: '2-digit' },
  }).format(instant);
const instant = (ics = '') =>
  Date.parse(ics.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

for (const [day, utc, when] of [
  ['2027-01-15', '20270115T130000Z', 'in summer'],
  ['2027-04-03', '20270403T130000Z', 'the last day of summer time'],
  ['2027-04-04', '20270404T140000Z', 'the first day without it'],
  ['2027-07-01', '20270701T140000Z', 'in winter'],
  ['2027-09-04', '20270904T140000Z', 'the last day of winter time'],
  ['2027-09-05', '20270905T130000Z', 'the day on which midnight is skipped'],
] as const)
  test(`an hour at ten in the morning in Chile is ten in every calendar, ${when}`, async (t) => {
    const startsAt = instantOf(day, 600)!;
    const file = await icalendar({ ...about, startsAt, endsAt: startsAt + 1_200_000 });
    t.is(at(file, 'DTSTART'), utc);
    t.is(instant(at(file, 'DTSTART')), startsAt);
    t.is(instant(at(file, 'DTEND')), startsAt + 1_200_000);
    t.is(read(instant(at(file, 'DTSTART'))), '10:00');
    t.notRegex(file, /TZID|VTIMEZONE/, 'no zone that a calendar could know differently');
  });

test('what moves or goes is the same event, later', async (t) => {
  const startsAt = instantOf('2027-01-15', 600)!;
  const booked = await icalendar({ ...about, startsAt, endsAt: startsAt + 1 });
  const gone = await icalendar({ ...about, startsAt, endsAt: startsAt + 1, sequence: 4, cancelled: true });
  t.is(at(booked, 'METHOD'), 'PUBLISH');
  t.is(at(booked, 'STATUS'), 'CONFIRMED');
  t.is(at(gone, 'METHOD'), 'CANCEL');
  t.is(at(gone, 'STATUS'), 'CANCELLED');
  t.is(at(gone, 'UID'), at(booked, 'UID'));
  t.deepEqual([at(booked, 'SEQUENCE'), at(gone, 'SEQUENCE')], ['3', '4']);
});
