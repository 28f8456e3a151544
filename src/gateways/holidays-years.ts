import Holidays from 'date-holidays';

// A process of its own, begun by `chileanHolidays`: the public holidays of the years that it is given, as ISO days.
const DAY_MS = 86_400_000;
const calendar = new Holidays('CL', { types: ['public'] });
const days = process.argv
  .slice(2)
  .flatMap((year) => calendar.getHolidays(Number(year)))
  .flatMap(({ date, start, end }) => {
    const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
    const count = Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY_MS));
    return Array.from({ length: count }, (_, n) => new Date(first + n * DAY_MS).toISOString().slice(0, 10));
  });
console.log(JSON.stringify(days));
