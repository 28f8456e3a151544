import type { Knex } from './connections.ts';

/** A letter's name and data; the worker renders and sends it after the commit. */
export type Letter = SignInLetter &
  (
    | { readonly letter: 'new-device' }
    /** `code` is sealed, and gone with the job. */
    | { readonly letter: 'sign-in-code'; readonly code: string }
  );

type SignInLetter = {
  /** Undefined: work for nobody, so that nobody notices. */
  readonly accountId: string | undefined;
  readonly at: number;
  /** What the person recognises of the browser, and the site that was entered. */
  readonly device: string;
  readonly site: string;
};

/** The task's name in graphile-worker. */
export const LETTER_TASK = 'letter';

/** In Postgres, on the same connection as the change that it tells of: both happen or neither. */
export interface Outbox {
  add(letter: Letter): Promise<void>;
}

export function postgresOutbox(db: Knex): Outbox {
  return {
    async add(letter) {
      await db.raw('select graphile_worker.add_job(?, ?::json, max_attempts := 12)', [
        LETTER_TASK,
        JSON.stringify(letter),
      ]);
    },
  };
}
