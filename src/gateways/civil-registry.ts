import { z } from 'zod';
import {
  judgeRecord,
  type CivilRegistry,
  type RegistryFault,
  type RegistryQuestion,
  type RegistryRecord,
} from '../domain/registry.ts';
import type { DemoPerson } from './demo-files.ts';
import { parseRun } from '../domain/run.ts';

/** The answer of `POST /v1/verifications`, as docs/civil-registry.openapi.json describes it. */
export const registryRecord = z.object({
  run: z.string().max(12),
  vitalStatus: z.enum(['alive', 'deceased']),
  names: z.array(z.string().min(1).max(80)).min(1).max(10),
  surnames: z.array(z.string().min(1).max(80)).min(1).max(10),
  birthDate: z.iso.date(),
  document: z.object({
    number: z.string().max(20),
    belongsToRun: z.boolean(),
    status: z.enum(['valid', 'blocked', 'lost', 'expired']),
    expiresOn: z.iso.date(),
  }),
}) satisfies z.ZodType<RegistryRecord>;

/** Milliseconds: one try; until a registry that failed is asked again. */
const PATIENCE = { each: 1500, opens: 10_000 } as const;
/** After so many faults in a row nobody waits for it any more. */
const FAULTS = 5;
const MOST_BYTES = 65_536;

type Wish = Manner & { readonly url: string };
type Manner = {
  readonly note: (what: string) => void;
  readonly patience?: { readonly each: number; readonly opens: number };
};

/**
 * The civil registry over HTTP: POST, so that no RUN stands in an address or a log; Basic from the URL's user and
 * password. A fault is tried once more, then it is `unavailable`; after five in a row at once, for ten seconds.
 */
export function httpCivilRegistry({ url: address, note, patience = PATIENCE }: Wish): CivilRegistry {
  const url = new URL(`${address.replace(/\/$/, '')}/v1/verifications`);
  const { username, password } = url;
  url.username = url.password = '';
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  const ask: Ask = async ({ run, document }, signal) => {
    const body = JSON.stringify({ run, documentNumber: document });
    const response = await fetch(url, {
      ...{ method: 'POST', body, signal, redirect: 'error' },
      headers: {
        ...{ 'content-type': 'application/json', accept: 'application/json' },
        ...(username !== '' && { authorization: `Basic ${basic}` }),
      },
    });
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) {
      await response.body?.cancel();
      throw new Error(`answered ${String(response.status)}`);
    }
    return readBounded(response);
  };
  return judged(ask, { note, patience });
}

/** The answer as it came; undefined: nobody of that RUN. */
type Ask = (question: RegistryQuestion, signal: AbortSignal) => Promise<string | undefined>;

function judged(ask: Ask, { note, patience = PATIENCE }: Manner): CivilRegistry {
  const policy = resilience(patience);
  return {
    async check(question) {
      try {
        const execute = await policy;
        const record = await execute(async (signal) => {
          const text = await ask(question, signal);
          return text === undefined ? undefined : registryRecord.parse(JSON.parse(text));
        });
        return record ? judgeRecord(record, question) : { kind: 'unknown' };
      } catch (error) {
        // What it answered may hold a person: only the kind of fault is told.
        note(error instanceof z.ZodError || error instanceof SyntaxError ? 'garbage' : (error as Error).name);
        return { kind: 'unavailable' };
      }
    },
  };
}

type Work<T> = (signal: AbortSignal) => Promise<T>;
type Execute = <T>(work: Work<T>) => Promise<T>;

async function resilience({ each, opens }: { readonly each: number; readonly opens: number }): Promise<Execute> {
  const { circuitBreaker, ConsecutiveBreaker, ConstantBackoff, handleAll, retry, timeout, TimeoutStrategy, wrap } =
    await import('cockatiel');
  const policy = wrap(
    circuitBreaker(handleAll, { halfOpenAfter: opens, breaker: new ConsecutiveBreaker(FAULTS) }),
    retry(handleAll, { maxAttempts: 1, backoff: new ConstantBackoff(100) }),
    timeout(each, TimeoutStrategy.Aggressive),
  );
  return (work) => policy.execute(({ signal }) => work(signal));
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error('too long an answer');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

type Demo = Partial<Manner> & { readonly fault?: () => Promise<RegistryFault> };

/**
 * The emulator's: its own invented people. Whoever has no document number there can be asked about by any. With a fault it
 * answers as the real one would, and is waited for, retried and believed as that one.
 */
export function demoCivilRegistry(
  people: readonly DemoPerson[],
  { fault = async () => 'none', note = () => {}, patience }: Demo = {},
): CivilRegistry {
  const known = new Map(people.map((person) => [parseRun(person.run), person]));
  const recordOf = ({ run, document }: RegistryQuestion): RegistryRecord | undefined => {
    const person = known.get(run);
    if (!person) return undefined;
    const number = person.documento ?? document;
    return {
      ...{ run, vitalStatus: person.status === 'deceased' ? 'deceased' : 'alive' },
      ...{ names: person.names, surnames: person.surnames, birthDate: person.birthdate ?? '1980-01-01' },
      document: { number, belongsToRun: number === document, status: 'valid', expiresOn: '2039-12-31' },
    };
  };
  const faulty = judged(
    async (question, signal) => {
      const record = recordOf(question);
      return record && answered(await fault(), record, signal);
    },
    { note, ...(patience && { patience }) },
  );
  return {
    async check(question) {
      const now = await fault();
      if (now === 'unknown') return { kind: 'unknown' };
      if (now !== 'none') return faulty.check(question);
      const record = recordOf(question);
      return record ? judgeRecord(record, question) : { kind: 'unknown' };
    },
  };
}

/** What such a registry would write. */
async function answered(fault: RegistryFault, record: RegistryRecord, signal: AbortSignal): Promise<string> {
  const { document } = record;
  switch (fault) {
    case 'blocked':
    case 'expired':
      return JSON.stringify({ ...record, document: { ...document, status: fault } });
    case 'deceased':
      return JSON.stringify({ ...record, vitalStatus: 'deceased' });
    case 'mismatch':
      return JSON.stringify({ ...record, document: { ...document, belongsToRun: false } });
    case 'slow':
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('too slow')));
      });
    case 'garbage':
      return '<html>';
    case 'down':
      throw new Error('answered 503');
    case 'none':
    case 'unknown':
      return JSON.stringify(record);
  }
}

/** Where none is set nothing can be issued. */
export const noCivilRegistry = (): CivilRegistry => ({ check: async () => ({ kind: 'unavailable' }) });
