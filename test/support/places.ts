import { dayAfter, instantOf, localDay } from '../../src/domain/schedule.ts';
import { makePlaces } from '../../src/flows/places.ts';
import { seedOffices, seedShifts } from '../../src/tasks/seed-offices.ts';
import type { serveMemory } from './serve-memory.ts';

/** Offices and hours to choose from; it is noon in Chile, so that today has hours left whenever it runs. */
export async function openOffices({ parts }: Pick<Awaited<ReturnType<typeof serveMemory>>, 'parts'>): Promise<void> {
  const now = parts.clock();
  const noons = [0, 1].map((days) => instantOf(dayAfter(localDay(now), days), 12 * 60)!);
  parts.travel(noons.find((noon) => noon > now)! - now);
  await seedOffices(parts);
  await seedShifts(parts);
  await makePlaces(parts, 2);
}
