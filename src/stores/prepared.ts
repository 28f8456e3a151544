import type { Client, Connection, QueryResultRow, Submittable } from 'pg';

/** What a statement is told. Of arrays the elements are texts or bytes. */
export type Value = string | number | boolean | null | Buffer | readonly Buffer[] | readonly string[];

type Field = { readonly name: string; readonly dataTypeID: number };
type Column = { readonly name: string; readonly read: (text: string) => unknown };
/** Of the statements that a connection knows, what their rows look like. */
type Known = Map<string, readonly Column[]>;
const KNOWN = Symbol('known');
type Marked = { [KNOWN]?: Known | undefined };
const knownOf = (client: Client & Marked): Known => (client[KNOWN] ??= new Map<string, readonly Column[]>());

/** The statement that Postgres has taken under that name: `pg` keeps them, which its types leave out. */
const takenAs = (connection: object, name: string): unknown =>
  'parsedStatements' in connection ? Reflect.get(Object(connection.parsedStatements) as object, name) : undefined;

type Settle<Row> = (error: unknown, rows?: Row[]) => void;
type Told = { readonly name: string; readonly text: string; readonly values: readonly Value[] };

/**
 * A prepared statement as `pg` sends it, by the interface that it has for others (`Submittable`, which `pg-cursor` is built
 * on). pg's own asks each time what the rows will look like, and looks up how to read each column; a connection's statement
 * never changes that: Postgres refuses it when a migration would («cached plan must not change result type»).
 */
export class Prepared<Row extends QueryResultRow> implements Submittable {
  readonly answer: Promise<Row[]>;
  /** Read by `pg` to remember what the connection has been told. */
  readonly name: string;
  readonly text: string;
  /** Called at the end; `pg` puts its own around it, which ends the patience (`query_timeout`). */
  callback: Settle<Row>;
  readonly #client: Client;
  readonly #values: readonly Value[];
  readonly #rows: Row[] = [];
  #columns: readonly Column[] = [];
  #fault: unknown;

  constructor(client: Client, { name, text, values }: Told) {
    const { promise, resolve, reject } = Promise.withResolvers<Row[]>();
    this.answer = promise;
    this.callback = (error, rows = []) => (error === null ? resolve(rows) : reject(error));
    this.name = name;
    this.text = text;
    this.#client = client;
    this.#values = values;
  }

  /** Called when it is its turn; what it answers is a fault. */
  submit(connection: Connection): Error | undefined {
    const { name, text } = this;
    const taken = takenAs(connection, name);
    if (taken !== undefined && taken !== text) return new Error(`${name}: two statements have that name`);
    const known = knownOf(this.#client).get(name);
    connection.stream.cork();
    try {
      if (taken === undefined) connection.parse({ name, text, types: [] }, true);
      connection.bind({ statement: name, values: this.#values.map(written) }, true);
      if (known) this.#columns = known;
      else connection.describe({ type: 'P' }, true);
      connection.execute(null, true);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
    return undefined;
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    const read = (oid: number) => this.#client.getTypeParser(oid, 'text') as Column['read'];
    this.#columns = fields.map(({ name, dataTypeID }) => ({ name, read: read(dataTypeID) }));
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    try {
      const row: Record<string, unknown> = {};
      this.#columns.forEach(({ name, read }, n) => {
        const text = fields[n];
        row[name] = typeof text === 'string' ? read(text) : null;
      });
      this.#rows.push(row as Row);
    } catch (error) {
      this.#fault = error;
    }
  }

  handleCommandComplete(): void {
    knownOf(this.#client).set(this.name, this.#columns);
  }

  handleReadyForQuery(): void {
    this.callback(this.#fault ?? null, this.#rows);
  }

  handleError(error: unknown): void {
    this.callback(error);
  }
}

/** A value as Postgres reads it. */
function written(value: Value): string | Buffer | null {
  if (value === null || typeof value === 'string' || Buffer.isBuffer(value)) return value;
  if (typeof value === 'object') return `{${value.map(element).join(',')}}`;
  return String(value);
}
const element = (value: Buffer | string): string =>
  typeof value === 'string' ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"\\\\x${value.toString('hex')}"`;
