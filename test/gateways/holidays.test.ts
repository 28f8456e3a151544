import test from 'ava';
import { chileanHolidays } from '../../src/gateways/holidays.ts';

test('offices are closed on public holidays, fixed, moved and of the church, this year and the next', async (t) => {
  const isHoliday = chileanHolidays();
  const closed = ['2026-09-18', '2026-09-19', '2026-04-03', '2026-06-21', '2027-01-01', '2027-03-26', '2027-10-11'];
  const open = ['2026-09-17', '2026-09-20', '2026-12-24', '2027-10-12', '2027-03-29'];
  for (const day of closed) t.true(await isHoliday(day), day);
  for (const day of open) t.false(await isHoliday(day), day);
});

test('all days of a year are asked at once', async (t) => {
  const isHoliday = chileanHolidays();
  const days = Array.from({ length: 365 }, (_, n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
  const answers = await Promise.all(days.map(isHoliday));
  t.is(answers.filter(Boolean).length, 16);
});
