import type { Person, Secret } from '../../domain/account.ts';
import { checkDigit, parseRun, type Run } from '../../domain/run.ts';
import { undoable } from '../../flows/undoable.ts';
import type { Parts } from '../../parts.ts';
import { readPeople, type FileRow } from '../people-file.ts';
import { uuid } from '../../domain/uuid.ts';
import { command, Failure, WrongUsage } from './command.ts';
import { operatorName } from './operator.ts';

const AT_ONCE = 5000;
const SHOWN = 200;
const LAST_RUN = 99_999_999;

const whole = (name: string, text: string | undefined, fallback: number): number => {
  const value = text === undefined ? fallback : Number(text.replaceAll('_', ''));
  if (Number.isSafeInteger(value) && value >= 1 && value <= LAST_RUN) return value;
  throw new WrongUsage(`--${name} is a whole number from 1 to ${LAST_RUN}`);
};

/** Says on stderr, once a second, how far it has come. */
function progress(of?: number): (done: number) => void {
  const begun = performance.now();
  let told = begun;
  return (done) => {
    const now = performance.now();
    if (now - told < 1000) return;
    told = now;
    const rate = Math.round((done * 1000) / (now - begun));
    console.error(`${done}${of === undefined ? '' : ` of ${of}`} people, ${rate} a second`);
  };
}

const NAMES = ['Ana', 'Benjamín', 'Catalina', 'Diego', 'Elisa', 'Felipe', 'Gabriela', 'Hugo', 'Isidora', 'Joaquín'];
const SURNAMES = [
  'Araya',
  'Bravo',
  'Contreras',
  'Díaz',
  'Espinoza',
  'Fuentes',
  'González',
  'Herrera',
  'Iturra',
  'Jara',
];
const one = (list: readonly string[], n: number) => list[n % list.length] ?? '';

const invented = (run: Run, body: number): Person => ({
  run,
  names: [one(NAMES, body)],
  surnames: [one(SURNAMES, (body / 10) | 0), one(SURNAMES, (body / 100) | 0)],
  birthdate: `${1940 + (body % 65)}-0${1 + (body % 9)}-1${body % 10}`,
  email: `persona.${body}@correo.example`,
  emailVerified: true,
});

const synth = command({
  name: 'people synth',
  summary:
    'Invents people, all with the same ClaveÚnica, for measurements with as many accounts as a country has. Emulator only.',
  options: {
    count: { value: 'N', needed: true, meaning: 'how many' },
    from: {
      value: 'BODY',
      meaning: 'the first RUN, without its digit; by default 30000000. Those taken are passed over',
    },
    password: { value: 'P', meaning: 'their ClaveÚnica; by default boldo-quillay-peumo' },
  },
  run: async (given, access) => {
    const count = whole('count', given.text('count'), 0);
    const from = whole('from', given.maybe('from'), 30_000_000);
    const password = given.maybe('password') ?? 'boldo-quillay-peumo';
    const { config, parts } = await access.ready();
    if (!config.emulator) throw new Failure('invented people with a known ClaveÚnica have no place in production');
    // One hash for all: else an hour of argon2 would be all that this is about.
    const secret = await parts.hasher.hash(password);
    const begun = performance.now();
    const tell = progress(count);
    let [done, body] = [0, from];
    let first: string | undefined;
    while (done < count && body <= LAST_RUN) {
      const bodies = Array.from({ length: Math.min(AT_ONCE, count - done, LAST_RUN - body + 1) }, (_, n) => body + n);
      body += bodies.length;
      const runs = new Map(bodies.flatMap((each) => entryOf(each)));
      const added = await parts.transaction(async (tx) => {
        const taken = await tx.accounts.having([...runs.keys()]);
        const free = [...runs].filter(([run]) => !taken.has(run));
        await tx.accounts.addAll(free.map(([run, each]) => newAccount(parts, invented(run, each), secret)));
        return free.map(([run]) => run);
      });
      first ??= added[0];
      done += added.length;
      tell(done);
    }
    const seconds = (performance.now() - begun) / 1000;
    const json = { added: done, first, password, seconds: Math.round(seconds * 10) / 10 };
    const text = `${done} people, the first ${first ?? 'nobody'}, ClaveÚnica ${password} (${seconds.toFixed(1)} s)`;
    return { json, text, failed: done < count };
  },
});

function entryOf(body: number): [Run, number][] {
  const run = parseRun(`${body}-${checkDigit(body)}`);
  return run ? [[run, body]] : [];
}

const newAccount = (parts: Pick<Parts, 'chance' | 'clock'>, person: Person, secret: Secret | undefined) =>
  ({
    id: uuid(parts.chance(16)),
    status: 'active',
    identified: 'presencial',
    person,
    secret,
    at: parts.clock(),
  }) as const;

const importing = command({
  name: 'people import',
  summary:
    'Takes people over from another system, all or none: CSV with a head, or a JSON object a line. FILE has run, names, surnames (several by | or spaces), birthdate, email, email_verified, phone, phone_verified, identified, status, hash (argon2 in PHC notation; hashed anew at the first login).',
  operands: ['FILE'],
  options: { 'dry-run': { meaning: 'only look: says what is wrong, and writes nothing' } },
  run: async (given, access) => {
    const [file = ''] = given.operands;
    const dry = given.flag('dry-run');
    const { parts } = await access.ready();
    const faults: { line: number; faults: readonly string[] }[] = [];
    // A bit for each RUN: who comes twice is found without keeping millions in memory.
    const seen = new Uint8Array(LAST_RUN / 8 + 1);
    const tell = progress();
    let [rows, faulty, withHash] = [0, 0, 0];
    const wrong = (line: number, why: readonly string[]) => {
      faulty += 1;
      if (faults.length < SHOWN) faults.push({ line, faults: why });
    };
    const isSecond = ({ is }: Good) => {
      const body = Number.parseInt(is.person.run);
      const [at, bit] = [body >> 3, 1 << (body & 7)];
      const was = ((seen[at] ?? 0) & bit) !== 0;
      seen[at] = (seen[at] ?? 0) | bit;
      return was;
    };
    await undoable<void>(parts, async (tx, undo) => {
      const take = async (all: readonly Good[]) => {
        const taken = await tx.accounts.having(all.map(({ is }) => is.person.run));
        for (const { line, is } of all)
          if (taken.has(is.person.run)) wrong(line, ['this person has an account already']);
        if (faulty > 0 || dry) return;
        const at = parts.clock();
        const accounts = all.map(({ is: { hash, ...is } }) => ({
          ...{ ...is, at, id: uuid(parts.chance(16)) },
          secret: hash === undefined ? undefined : { hash, pepper: undefined },
        }));
        await tx.accounts.addAll(accounts);
      };
      let waiting: Good[] = [];
      for await (const row of readPeople(file)) {
        rows += 1;
        if (row.kind === 'faulty') wrong(row.line, row.faults);
        else if (isSecond(row)) wrong(row.line, ['this RUN was in the file before']);
        else waiting.push(row);
        if (row.kind === 'person' && row.is.hash !== undefined) withHash += 1;
        if (waiting.length >= AT_ONCE) {
          await take(waiting);
          waiting = [];
        }
        tell(rows);
      }
      await take(waiting);
      if (faulty > 0 || dry) return undo();
      const details = { people: rows, withHash, operator: operatorName() };
      await tx.audit.add({ kind: 'people-added', at: parts.clock(), details });
    });
    faults.sort((a, b) => a.line - b.line);
    const json = { rows, faulty, with_hash: withHash, imported: faulty > 0 || dry ? 0 : rows, dry_run: dry, faults };
    const lines = faults.map((fault) => `line ${fault.line}: ${fault.faults.join('; ')}`);
    const more = faulty > faults.length ? [`… and ${faulty - faults.length} more`] : [];
    const end =
      faulty > 0
        ? `${faulty} of ${rows} rows are faulty: nothing was imported`
        : dry
          ? `${rows} people could be imported, ${withHash} with a hash; nothing was written`
          : `${rows} people imported, ${withHash} with a hash`;
    return { json, text: [...lines, ...more, end].join('\n'), failed: faulty > 0 };
  },
});

type Good = FileRow & { readonly kind: 'person' };

/** `clave people …` */
export const peopleCommands = [importing, synth];
