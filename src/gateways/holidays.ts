/** Whether offices are closed on that day (ISO) all over Chile; the library is read on first use. */
export function chileanHolidays(): (day: string) => Promise<boolean> {
  let calendar: Promise<{ isHoliday(date: Date): unknown }> | undefined;
  return async (day) => {
    calendar ??= import('date-holidays').then(({ default: Holidays }) => new Holidays('CL', { types: ['public'] }));
    return Boolean((await calendar).isHoliday(new Date(`${day}T12:00:00`)));
  };
}
