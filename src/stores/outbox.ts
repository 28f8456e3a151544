import type { Rejection } from '../domain/checklist.ts';
import type { ContactTold } from '../domain/contact-change.ts';
import type { AlertKind } from '../domain/alert.ts';
import type { AskedBy, NoticeEvent } from '../domain/notice.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { run } from './statement.ts';

type Common = {
  /** Undefined: work for nobody, so that nobody notices. */
  readonly accountId: string | undefined;
  readonly at: number;
  readonly asker: AskedBy;
  /** Of the page that asked; letters are Spanish otherwise. */
  readonly lang?: string | undefined;
};
/** A code that is too old is not sent any more. `only`: one of several addresses, each of which is a job of its own. */
type WithCode = Common & { readonly code: string; readonly until: number; readonly only?: string | undefined };

/** Where a code goes that is to show that the address is hers; `address` is e-mail or E.164. */
export type Channel = { readonly channel: 'email' | 'sms'; readonly address: string };

export type EnrolmentEvent =
  | ('booked' | 'moved' | 'cancelled' | 'day' | 'hour' | 'missed' | 'free')
  | ('identified' | 'rejected' | 'released' | 'withdrawn' | 'reissued' | 'replaced');
/** Milliseconds. The office is left out by video. */
type Hour = {
  readonly channel: 'video' | 'office';
  readonly startsAt: number;
  readonly endsAt: number;
  readonly office?: string | undefined;
  readonly address?: string | undefined;
};

/** A letter's name and data; the worker writes and sends it after the commit. */
export type Letter =
  /** To the addresses that are confirmed when it is sent. */
  | (WithCode & { readonly letter: 'sign-in-code' })
  /** The same, and the notice of it: `token` is that of «No fui yo». */
  | (WithCode & { readonly letter: 'recovery-code'; readonly token: string })
  | (WithCode & { readonly letter: 'activation-code' })
  /** To an address that nobody has confirmed: it names nobody. */
  | (WithCode & { readonly letter: 'confirmation-code'; readonly to: Channel })
  /** One for each address that was confirmed at the event (`flows/notice.ts`). */
  | (Common & {
      readonly letter: 'notice';
      readonly event: NoticeEvent;
      readonly token: string;
      readonly ref?: string | undefined;
      readonly change?: ContactTold | undefined;
      readonly to: string;
    })
  /** To the address of a request, which nobody has confirmed: a code, and a link that does the same. */
  | (WithCode & { readonly letter: 'enrolment-code'; readonly to: string | undefined; readonly token: string })
  /** About an hour or another code, to the owner of a request. `token`: of the link. */
  | {
      readonly letter: 'enrolment';
      readonly accountId: undefined;
      readonly event: EnrolmentEvent;
      readonly at: number;
      readonly lang: string;
      readonly to: string;
      readonly token: string;
      readonly caseId: string;
      readonly version: number;
      /** Why she was not identified, as far as an officer said it of the closed list. */
      readonly rejection?: Rejection | undefined;
      readonly hour?: Hour | undefined;
    }
  /** To the operator: the worker knows the address. */
  | {
      readonly letter: 'alert';
      readonly accountId?: undefined;
      readonly kind: AlertKind;
      readonly at: number;
      readonly details: Readonly<Record<string, string | number | boolean>>;
    };

/** The task's name in graphile-worker. */
export const LETTER_TASK = 'letter';

/** Days of tries, over a long weekend without a mail server: the pauses grow to six hours. */
const MOST_TRIES = 25;

/** A letter that did not go out yet, or that is given up (`dead`); nothing of what is in it. */
export type Stuck = {
  readonly id: string;
  readonly letter: string;
  readonly accountId: string | undefined;
  readonly dead: boolean;
  readonly tries: number;
  readonly since: Date;
  readonly next: Date | undefined;
  readonly error: string;
};

/** In Postgres, on the same connection as the change that it tells of: both happen or neither. */
export interface Outbox {
  /** All but its kind and whose it is gets sealed; the job is gone when the letter is. */
  add(letter: Letter): Promise<void>;
  /** Letters that failed at least once, the oldest first. */
  stuck(limit: number): Promise<readonly Stuck[]>;
  /** Tries again at once, those given or all that are stuck; tells how many. */
  retry(ids: readonly string[] | 'all'): Promise<number>;
  /**
   * What is in a letter that was given up goes after a day (SECURITY §4.4), the rest of it after a month. Tells how many
   * lost what was in them.
   */
  sweep(): Promise<number>;
}

const PLACE = 'jobs.letter';

/** What stands in the job. */
export type SealedLetter = {
  readonly letter: string;
  readonly accountId?: string | undefined;
  readonly sealed: string;
};

/** Throws when it was sealed by a key that is gone. */
export const openLetter = ({ sealed }: Pick<SealedLetter, 'sealed'>, vault: Vault): Letter =>
  JSON.parse(vault.open(Buffer.from(sealed, 'base64'), PLACE)) as Letter;

const ADD = {
  name: 'outbox-add',
  text: 'select from graphile_worker.add_job($1, $2::json, max_attempts := $3, priority := $4)',
};

export const letterSealer =
  (vault: Vault) =>
  (letter: Letter): SealedLetter => {
    const sealed = vault.seal(JSON.stringify(letter), PLACE).toString('base64');
    return { letter: letter.letter, accountId: letter.accountId, sealed };
  };
/** For a function of the database, which adds them all. */
export const letterJobs = (vault: Vault) => (letters: readonly Letter[]) => ({
  task: LETTER_TASK,
  tries: MOST_TRIES,
  letters: letters.map(letterSealer(vault)),
});

export function postgresOutbox(db: Knex, vault: Vault): Outbox {
  const seal = letterSealer(vault);
  return {
    async add(letter) {
      const payload = seal(letter);
      // Somebody waits for a code: it overtakes what only tells.
      const priority = letter.letter === 'notice' ? 0 : -10;
      await run(db, ADD, [LETTER_TASK, JSON.stringify(payload), MOST_TRIES, priority]);
    },
    async stuck(limit) {
      type Row = {
        id: string;
        payload: SealedLetter;
        attempts: number;
        max_attempts: number;
        created_at: Date;
        run_at: Date;
        last_error: string | null;
      };
      const { rows } = await db.raw<{ rows: Row[] }>(
        `select j.id, p.payload, j.attempts, j.max_attempts, j.created_at, j.run_at, j.last_error
         from graphile_worker.jobs j join graphile_worker._private_jobs p on p.id = j.id
         where j.task_identifier = ? and j.last_error is not null order by j.id limit ?`,
        [LETTER_TASK, limit],
      );
      return rows.map(({ id, payload, attempts, max_attempts, created_at, run_at, last_error }) => {
        const dead = attempts >= max_attempts;
        const { letter, accountId } = payload;
        const next = dead ? undefined : run_at;
        return { id, letter, accountId, dead, tries: attempts, since: created_at, next, error: last_error ?? '' };
      });
    },
    async retry(ids) {
      const { rowCount } = await db.raw<{ rowCount: number }>(
        `select graphile_worker.reschedule_jobs(array_agg(j.id), run_at := now(), attempts := 0)
         from graphile_worker.jobs j join graphile_worker._private_jobs p on p.id = j.id
         where j.task_identifier = :task and j.last_error is not null and j.locked_at is null and (:every or j.id = any(:ids))
         and p.payload ->> 'sealed' is not null`,
        { task: LETTER_TASK, every: ids === 'all', ids: ids === 'all' ? [] : [...ids] },
      );
      return rowCount;
    },
    async sweep() {
      const { rowCount } = await db.raw<{ rowCount: number }>(
        `update graphile_worker._private_jobs p set payload = (p.payload::jsonb - 'sealed')::json from graphile_worker.jobs j
         where p.id = j.id and j.task_identifier = ? and j.attempts >= j.max_attempts
         and j.created_at < now() - interval '24 hours' and p.payload ->> 'sealed' is not null`,
        [LETTER_TASK],
      );
      await db.raw(
        `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs
         where task_identifier = ? and attempts >= max_attempts and created_at < now() - interval '30 days'`,
        [LETTER_TASK],
      );
      return rowCount;
    },
  };
}
