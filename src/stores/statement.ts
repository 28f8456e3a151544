import type { Client, QueryResultRow } from 'pg';
import { Unavailable } from '../domain/fault.ts';
import type { Knex } from './connections.ts';
import { Prepared, type Value } from './prepared.ts';

/**
 * A statement that every login needs: each connection prepares it once, and knex's builder is not asked, which costs
 * twice as much CPU as the query itself. It names its columns one by one: with `*` a migration that adds a column would
 * break it in the processes that are still running.
 */
export type Statement = { readonly name: string; readonly text: string };

/** Who may not record may not act: the right to add was taken from us, or a trigger refuses, within a function too. */
const unrecorded = (error: unknown) => error instanceof Error && 'code' in error && error.code === '42501';

/** Runs it, in the transaction if `db` is one. Values stand at `$1`, `$2` …; the rows are as Postgres gives them. */
export async function run<Row extends QueryResultRow>(
  db: Knex,
  { name, text }: Statement,
  values: readonly Value[],
): Promise<Row[]> {
  // What comes after a transaction's end would run outside of it.
  if ('isCompleted' in db && (db as Knex.Transaction).isCompleted())
    throw new Error(`${name}: the transaction is over`);
  const client = db.client as Knex.Client;
  const connection = (await client.acquireConnection()) as Client;
  try {
    return await connection.query(new Prepared<Row>(connection, { name, text, values })).answer;
  } catch (error) {
    // It arose where the answer was read: nobody would see who had asked.
    if (error instanceof Error) Error.captureStackTrace(error);
    client.emit('query-error', error, connection);
    throw unrecorded(error) ? new Unavailable('audit', { cause: error }) : error;
  } finally {
    await client.releaseConnection(connection);
  }
}

/** More than these are asked in two statements. */
const MOST = 64;

type Waiting<Question, Answer> = PromiseWithResolvers<Answer> & { readonly question: Question };

/**
 * What is asked within one turn of the event loop is asked together: the busier a process is, the more questions share a
 * statement, and who is alone waits for nobody. Nothing is kept: each answer is of after its question. When it fails, it
 * fails for all who share it, unless `ask` answers each with a promise of its own.
 */
export function gathered<Question, Answer>(
  ask: (questions: readonly Question[]) => Promise<readonly (Answer | Promise<Answer>)[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = [];
  const send = async (all: readonly Waiting<Question, Answer>[]) => {
    try {
      const answers = await ask(all.map(({ question }) => question));
      all.forEach(({ resolve }, n) => resolve(answers[n] as Answer));
    } catch (error) {
      for (const { reject } of all) reject(error);
    }
  };
  const flush = () => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += MOST) void send(all.slice(from, from + MOST));
  };
  return (question) => {
    if (waiting.length === 0) setImmediate(flush);
    const mine = { ...Promise.withResolvers<Answer>(), question };
    waiting.push(mine);
    return mine.promise;
  };
}
