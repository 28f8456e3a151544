import test from 'ava';
import { dayAfter, instantOf, localDay, localTime, placesOf, weekday, type Office } from '../../src/domain/schedule.ts';

const office: Office = {
  ...{ id: 'nunoa', agency: 'registro-civil', name: 'Ñuñoa', address: 'Irarrázaval 1', comuna: 'Ñuñoa', region: 'RM' },
  hours: { 1: [[540, 600]], 2: [[540, 570]] },
  closed: ['2026-12-07'],
};
const shift = { officer: 'a', day: '2026-11-30', from: 540, to: 600, channel: 'office', office: 'nunoa' } as const;

test('local time in Chile: summer and winter, the hour that is left out, the one that comes twice', (t) => {
  t.is(instantOf('2026-11-30', 9 * 60), Date.parse('2026-11-30T12:00:00Z'));
  t.is(instantOf('2026-07-01', 9 * 60), Date.parse('2026-07-01T13:00:00Z'));
  // Summer time begins on the first Sunday after the second of September and ends on the one after the second of April.
  t.is(instantOf('2026-09-06', 30), undefined, 'midnight becomes one o’clock');
  t.is(instantOf('2026-09-06', 60), Date.parse('2026-09-06T04:00:00Z'));
  t.is(instantOf('2026-04-04', 23 * 60 + 30), Date.parse('2026-04-05T02:30:00Z'), 'the first of two');
  t.is(localTime(Date.parse('2026-11-30T12:00:00Z')), '2026-11-30 09:00');
  t.is(localDay(Date.parse('2026-11-30T02:59:00Z')), '2026-11-29');
  t.deepEqual([weekday('2026-11-29'), weekday('2026-11-30'), dayAfter('2026-02-28', 1)], [7, 1, '2026-03-01']);
});

test('places of an office: within its hours, as many as officers work all of one, none on holidays and closed days', (t) => {
  const day = { day: '2026-11-30', channel: 'office', office, holiday: false } as const;
  const two = [shift, { ...shift, officer: 'b', from: 540, to: 570 }];
  t.deepEqual(
    placesOf({ ...day, shifts: two }).map(({ startsAt, capacity }) => [localTime(startsAt).slice(11), capacity]),
    [
      ['09:00', 2],
      ['09:15', 2],
      ['09:30', 1],
      ['09:45', 1],
    ],
  );
  const broken = [
    { ...shift, to: 560 },
    { ...shift, from: 570 },
  ];
  t.deepEqual(
    placesOf({ ...day, shifts: broken }).map(({ startsAt }) => localTime(startsAt).slice(11)),
    ['09:00', '09:30', '09:45'],
    'a break of ten minutes costs the place it lies in',
  );
  t.is(placesOf({ ...day, shifts: [shift, shift] })[0]?.capacity, 1, 'nobody counts twice');
  t.deepEqual(placesOf({ ...day, holiday: true, shifts: two }), []);
  t.deepEqual(placesOf({ ...day, day: '2026-12-07', shifts: [{ ...shift, day: '2026-12-07' }] }), []);
  t.deepEqual(
    placesOf({
      ...day,
      shifts: [
        { ...shift, office: 'otra' },
        { ...shift, day: '2026-12-01' },
      ],
    }),
    [],
  );
});

test('by video there are places whenever an officer works, in every hour that exists', (t) => {
  const night = { officer: 'a', day: '2026-09-06', from: 0, to: 120, channel: 'video' } as const;
  const places = placesOf({ day: '2026-09-06', channel: 'video', holiday: true, shifts: [night] });
  t.deepEqual(
    places.map(({ startsAt }) => localTime(startsAt).slice(11)),
    ['01:00', '01:20', '01:40'],
  );
  t.is(new Set(places.map(({ id }) => id)).size, 3);
});
