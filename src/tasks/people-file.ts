import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { IDENTIFIED, STATUSES, type Identified, type Person, type Status } from '../domain/account.ts';
import { phcFault } from '../domain/phc.ts';
import { parseRun } from '../domain/run.ts';

/** A person as another system knew her; `hash` is a PHC string without a pepper of ours. */
export type Imported = {
  readonly person: Person;
  readonly identified: Identified;
  readonly status: Status;
  readonly hash: string | undefined;
};
/** A row of the file, by the line on which it begins: a person, or all that is wrong with it. */
export type FileRow = { readonly line: number } & (
  { readonly kind: 'person'; readonly is: Imported } | { readonly kind: 'faulty'; readonly faults: readonly string[] }
);

const COLUMNS = [
  ...['run', 'names', 'surnames', 'birthdate', 'email', 'email_verified', 'phone', 'phone_verified'],
  ...['identified', 'status', 'hash'],
];
const HASH_FAULTS = {
  'no-phc': 'is no PHC string as $argon2id$v=19$m=…,t=…,p=…$salt$hash',
  'other-function': 'is not argon2: no other function is built in; leave it empty, and she chooses a new ClaveÚnica',
  'too-costly': 'costs too much: 1 GiB, 24 passes and 16 lanes at most',
} as const;

const words = z
  .union([z.array(z.string()), z.string().transform((text) => text.split(text.includes('|') ? '|' : /\s+/))])
  .transform((list) => list.map((word) => word.normalize('NFC').trim()).filter(Boolean))
  .pipe(z.array(z.string().max(100)).min(1, 'is needed').max(10));
const yes = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0', 'si', 'sí', 'no']).transform((text) => !['false', '0', 'no'].includes(text)),
]);
const empty = <Schema extends z.ZodType>(schema: Schema) => z.preprocess((it) => (it === '' ? undefined : it), schema);
const row = z.strictObject({
  run: z.string().transform((typed, { addIssue }) => {
    const run = parseRun(typed);
    if (run) return run;
    addIssue({ code: 'custom', message: 'has a wrong check digit, or is none' });
    return z.NEVER;
  }),
  names: words,
  surnames: words,
  birthdate: empty(z.iso.date('is not a date as 1980-05-17').optional()),
  email: empty(z.email('is no address').max(254).optional()),
  email_verified: empty(yes.optional()),
  phone: empty(z.e164('is not a number as +56912345678').optional()),
  phone_verified: empty(yes.optional()),
  identified: z.enum(IDENTIFIED, `is one of ${IDENTIFIED.join(', ')}`),
  status: empty(z.enum(STATUSES, `is one of ${STATUSES.join(', ')}`).optional()),
  hash: empty(
    z
      .string()
      .superRefine((hash, { addIssue }) => {
        const fault = phcFault(hash);
        if (fault) addIssue({ code: 'custom', message: HASH_FAULTS[fault] });
      })
      .optional(),
  ),
});

function readRow(line: number, given: unknown): FileRow {
  const parsed = row.safeParse(given);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message, ...issue }) =>
      issue.code === 'unrecognized_keys'
        ? `there is no column ${issue.keys.join(', ')}`
        : `${path.join('.')} ${message}`,
    );
    return { kind: 'faulty', line, faults };
  }
  const { identified, hash, status = hash === undefined ? 'not-activated' : 'active', ...rest } = parsed.data;
  const { email_verified: emailVerified, phone_verified: phoneVerified, ...person } = rest;
  return {
    kind: 'person',
    line,
    is: { person: { ...person, emailVerified, phoneVerified }, identified, status, hash },
  };
}

/** CSV with a head of column names, or a JSON object a line; which one, its first letter tells. Throws without a head. */
export async function* readPeople(path: string): AsyncGenerator<FileRow> {
  let head: readonly string[] | undefined;
  for await (const { line, cells, text } of records(path)) {
    if (text !== undefined) {
      yield json(line, text);
      continue;
    }
    if (!head) {
      head = cells.map((name) => name.trim().toLowerCase());
      const strange = head.filter((name) => !COLUMNS.includes(name));
      if (strange.length > 0 || !head.includes('run'))
        throw new Error(
          `the first line must name columns among ${COLUMNS.join(', ')}; not ${strange.join(', ') || 'without run'}`,
        );
      continue;
    }
    if (cells.length === head.length) yield readRow(line, Object.fromEntries(head.map((name, n) => [name, cells[n]])));
    else yield { kind: 'faulty', line, faults: [`has ${cells.length} cells, and the head ${head.length}`] };
  }
}

function json(line: number, text: string): FileRow {
  try {
    return readRow(line, JSON.parse(text));
  } catch {
    return { kind: 'faulty', line, faults: ['is no JSON'] };
  }
}

type Record = { readonly line: number; readonly cells: readonly string[]; readonly text?: string };

/** Lines, and of CSV (RFC 4180) those that a quoted cell holds together. Broken UTF-8 is a fault of the whole file. */
async function* records(path: string): AsyncGenerator<Record> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let [rest, line, begun, isJson] = ['', 0, 1, undefined as boolean | undefined];
  let held = '';
  const take = function* (text: string): Generator<Record> {
    line += 1;
    isJson ??= text.trimStart().startsWith('{');
    if (held === '') begun = line;
    held += held === '' ? text : `\n${text}`;
    if (!isJson && (held.split('"').length - 1) % 2 === 1) return;
    const whole = held.replace(/\r$/, '');
    held = '';
    if (whole.trim() === '') return;
    yield isJson ? { line: begun, cells: [], text: whole } : { line: begun, cells: cellsOf(whole) };
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) yield* take(text);
  }
  rest += decoder.decode();
  if (rest !== '') yield* take(rest);
  if (held !== '') yield { line: begun, cells: [] };
}

const CELL = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g;
const cellsOf = (record: string): readonly string[] =>
  [...record.matchAll(CELL)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
