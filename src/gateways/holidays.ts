import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);
const YEARS = join(import.meta.dirname, 'holidays-years.ts');
const PATIENCE_MS = 30_000;
const told = z.array(z.iso.date());

/**
 * Whether offices are closed on that day (ISO) all over Chile. The library brings all countries' tables, the tides and
 * the moon, twenty megabytes: a process reads it, tells a year and the next and ends; a thread would leave them here.
 */
export function chileanHolidays(): (day: string) => Promise<boolean> {
  const years = new Map<number, Promise<ReadonlySet<string>>>();
  return async (day) => {
    const year = Number(day.slice(0, 4));
    if (!years.has(year)) {
      const both = holidaysOf([year, year + 1]);
      for (const one of [year, year + 1]) if (!years.has(one)) years.set(one, both);
      // Whoever asks next tries again.
      both.catch(() => years.clear());
    }
    return (await years.get(year))?.has(day) === true;
  };
}

async function holidaysOf(years: readonly number[]): Promise<ReadonlySet<string>> {
  // It needs nothing of ours, and no secret.
  const { stdout } = await run(process.execPath, [YEARS, ...years.map(String)], { env: {}, timeout: PATIENCE_MS });
  return new Set(told.parse(JSON.parse(stdout)));
}
