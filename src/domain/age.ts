/** A ClaveÚnica is one's own from this age on; years. */
export const YOUNGEST = 14;

const DAY = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const CHILE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Santiago', ...DAY });

/** Whole years on that day in Chile. `birthdate` is ISO (`1980-05-17`), `now` milliseconds. */
export function ageAt(birthdate: string, now: number): number {
  const [year = 0, month = 0, day = 0] = CHILE.format(now).split('-').map(Number);
  const [born = 0, bornMonth = 0, bornDay = 0] = birthdate.split('-').map(Number);
  const before = month < bornMonth || (month === bornMonth && day < bornDay);
  return year - born - (before ? 1 : 0);
}
