import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { AGENCIES } from '../../domain/roles.ts';
import { writtenMinute, type Hours, type Office, type Span } from '../../domain/schedule.ts';
import { makePlaces } from '../../flows/places.ts';
import { command, Failure, table, wordsOf } from './command.ts';
import { operatorName } from './operator.ts';

const words = z.string().trim().min(1).max(120);
const span = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$/, 'as `08:30-14:00`')
  .refine(
    (text) => minutes(text.slice(0, 5)) < minutes(text.slice(6)) && minutes(text.slice(6)) <= 1440,
    'ends before it begins',
  );
const day = z.enum(['1', '2', '3', '4', '5', '6', '7']);

/** One office of the file; hours by day of the week, 1 is Monday. */
const office = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/, 'small letters, digits and hyphens'),
  agency: z.enum(AGENCIES),
  ...{ name: words, address: words, comuna: words, region: words },
  hours: z.partialRecord(day, z.array(span).max(4)),
  closed: z.array(z.iso.date()).max(60).default([]),
});

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const spanOf = (text: string): Span => [minutes(text.slice(0, 5)), minutes(text.slice(6))];

const importing = command({
  name: 'office import',
  summary:
    'Takes over offices from a JSON array: new ones, and those that are there as they stand now; all or none. Each has id, agency (registro-civil or ips), name, address, comuna, region, hours ({"1": ["08:30-14:00"]}, 1 is Monday) and closed (ISO days).',
  operands: ['FILE'],
  run: async (given, access) => {
    const offices = read(given.operands[0] ?? '', await readFile(given.operands[0] ?? '', 'utf8').catch(gone));
    const { parts } = await access.ready();
    await parts.transaction(async (tx) => {
      for (const one of offices) await tx.offices.put(one);
      const details = { offices: offices.length, operator: operatorName() };
      await tx.audit.add({ kind: 'offices-imported', at: parts.clock(), details });
    });
    const places = await makePlaces(parts);
    return {
      json: { offices: offices.length, places },
      text: `${String(offices.length)} offices; ${String(places)} places can be booked now`,
    };
  },
});

const list = command({
  name: 'office list',
  summary: 'Lists the offices, with their hours.',
  run: async (_given, access) => {
    const { parts } = await access.ready();
    const offices = await parts.offices.list();
    const rows = offices.map(({ id, agency, name, comuna, hours }) => [id, agency, name, comuna, written(hours)]);
    return {
      json: { offices },
      text: offices.length === 0 ? 'there is no office' : table([['id', 'agency', 'name', 'comuna', 'hours'], ...rows]),
    };
  },
});

/** `clave office …` */
export const officeCommands = [importing, list];

function read(file: string, text: string): readonly Office[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Failure(`${file}: ${wordsOf(error)}`);
  }
  const parsed = z.array(office).min(1).safeParse(json);
  if (!parsed.success)
    throw new Failure(
      parsed.error.issues.map(({ path, message }) => `${file}: ${path.join('.')}: ${message}`).join('\n'),
    );
  const ids = parsed.data.map(({ id }) => id);
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw new Failure(`${file}: ${twice} comes twice`);
  return parsed.data.map(({ hours, ...one }) => ({
    ...one,
    hours: Object.fromEntries(Object.entries(hours).map(([name, spans]) => [name, spans.map(spanOf)])),
  }));
}

const gone = (error: unknown): never => {
  throw new Failure(wordsOf(error));
};
const written = (hours: Hours): string =>
  Object.entries(hours)
    .map(
      ([name, spans]) =>
        `${name}: ${spans.map(([from, to]) => `${writtenMinute(from)}-${writtenMinute(to)}`).join(' ')}`,
    )
    .join(', ');
