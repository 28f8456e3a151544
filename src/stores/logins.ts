import type { Run } from '../domain/run.ts';
import { keysOfKnown, keysOfUnknown, type From, type Key } from '../domain/throttle.ts';
import type { Found, LoginRow } from './accounts.ts';
import type { Spent } from './attempts.ts';
import type { Event } from './audit.ts';
import type { Knex } from './connections.ts';
import { run } from './statement.ts';
import type { Device } from './devices.ts';
import type { Letter } from './outbox.ts';

/** What is there before the password is looked at. */
export type Attempt = {
  /** This person has signed in here before. */
  readonly known: boolean;
  readonly spent: Spent;
  /** Nobody is looked up for whoever has to wait. */
  readonly found: Found | undefined;
};

export type Login = {
  readonly run: Run;
  readonly at: number;
  readonly event: Event;
  /** Undefined on a shared computer, which is nobody's device. */
  readonly device: Device | undefined;
  /** As it was before the hash: whether the device is hers. */
  readonly known: boolean;
  /** What a device brings that was never seen: its record, and letters. */
  readonly fresh: () => { readonly event: Event; readonly letters: readonly Letter[] };
  /** What her success takes back. */
  readonly forgiven: readonly Key[];
};

/** What `devices`, `attempts`, `accounts`, `audit` and `outbox` do for a login, in one call before the hash and one after it. */
export interface Logins {
  /** Counted in the same statement, before anybody looks at the password: of n at once only those that are free pass. */
  attempt(run: Run, from: From, now: number): Promise<Attempt>;
  /** All of it or nothing: no login without its record. */
  record(login: Login): Promise<void>;
}

/** How the single stores write and read what is theirs. */
type Ways = {
  readonly account: (row: LoginRow) => Found;
  readonly runKeys: (run: Run) => readonly Buffer[];
  readonly device: (device: string) => Buffer;
  readonly people: (run: Run) => readonly Buffer[];
  readonly tries: (keys: readonly Key[]) => string;
  readonly spent: (until: string) => Spent;
  readonly letters: (letters: readonly Letter[]) => object;
  readonly peopleADevice: number;
};

const ATTEMPT = {
  name: 'login-attempt',
  text: `select known, until_at, id, status, identified, person, revoked_until, updated_at, recovered_at, second_factor, hash, pepper, changed_at, compromised_at
    from attempt_login($1, $2, $3, $4, $5, $6)`,
};
const RECORD = { name: 'login-record', text: 'select record_login($1, $2, $3, $4, $5, $6, $7, $8) as done' };

type AttemptRow = Omit<LoginRow, 'id'> & {
  readonly id: string | null;
  readonly known: boolean;
  readonly until_at: string;
};

export function postgresLogins(db: Knex, ways: Ways): Logins {
  return {
    async attempt(person, from, now) {
      const tries = [keysOfKnown(person, from), keysOfUnknown(person, from)].map(ways.tries);
      const owner = [ways.device(from.device), ways.people(person), ways.runKeys(person)];
      const [row] = await run<AttemptRow>(db, ATTEMPT, [...owner, ...tries, now]);
      if (!row) throw new Error('logins: no answer');
      const { id, known, until_at } = row;
      return { known, spent: ways.spent(until_at), found: id === null ? undefined : ways.account({ ...row, id }) };
    },
    async record({ run: person, at, event, device, known, fresh, forgiven }) {
      const ask = async (withNew: boolean) => {
        const { event: also, letters } = withNew ? fresh() : {};
        const [row] = await run<{ done: boolean }>(db, RECORD, [
          // Under whichever master key a device was remembered: a rotation must not send a letter to everybody.
          ...[
            device ? ways.device(device.device) : null,
            ways.people(person),
            device?.name ?? null,
            ways.peopleADevice,
          ],
          JSON.stringify([event]),
          also && letters ? JSON.stringify({ events: [also], ...ways.letters(letters) }) : null,
          ...[ways.tries(forgiven), at],
        ]);
        return row?.done === true;
      };
      // Forgotten while the hash was made: then it is new after all, and its owner is told.
      if (!(await ask(device !== undefined && !known)) && !(await ask(true))) throw new Error('logins: not recorded');
    },
  };
}
