import { createHash, timingSafeEqual } from 'node:crypto';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

export type NewCode = {
  readonly purpose: 'sign-in';
  /** The browser and the page that asked: the code is worth something there alone. */
  readonly binding: string;
  /** Undefined for who must not notice that nothing was sent: the same work is done. */
  readonly accountId: string | undefined;
  readonly code: string;
  readonly now: number;
  readonly lifetime: number;
  readonly perHour: number;
  readonly perDay: number;
};

export type Try = Pick<NewCode, 'purpose' | 'binding' | 'code' | 'now'> & { readonly tries: number };

/** Codes for people: keyed hashes at rest, tries counted before comparing, used once. */
export interface Codes {
  /** A new code kills the old ones of its binding. Tells whose it is: undefined also when an account had too many. */
  issue(code: NewCode): Promise<string | undefined>;
  /** Whose code it was, once; undefined for a wrong, foreign, expired, used or worn out one. */
  use(attempt: Try): Promise<string | undefined>;
  /** Takes away what no cap and nobody asks for any more. */
  sweep(now: number): Promise<void>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function postgresCodes(db: Knex, vault: Vault): Codes {
  const bound = (binding: string) => createHash('sha256').update(`code ${binding}`).digest();
  const hashes = (binding: string, code: string) => vault.indexes(`${binding}|${code}`, 'codes.hash');
  return {
    issue({ purpose, binding, accountId, code, now, lifetime, perHour, perDay }) {
      const values = {
        ...{ purpose, binding: bound(binding), accountId: accountId ?? null, now, perHour, perDay },
        ...{ hash: hashes(binding, code)[0], until: now + lifetime, hourAgo: now - HOUR, dayAgo: now - DAY },
      };
      const work = async (trx: Knex) => {
        // One at a time for a person: else those who ask at once would all count too few.
        await trx.raw('select 1 from accounts where id = cast(:accountId as uuid) for no key update', values);
        const { rows } = await trx.raw<{ rows: { account_id: string | null }[] }>(
          `with killed as (
             update codes set expires_at = :now where binding = :binding and purpose = :purpose and used_at is null and expires_at > :now
           ), recent as (
             select count(*) as day, count(*) filter (where created_at > :hourAgo) as hour from codes
             where account_id = cast(:accountId as uuid) and purpose = :purpose and created_at > :dayAgo
           )
           insert into codes (purpose, binding, account_id, hash, created_at, expires_at)
           select :purpose, :binding, case when hour < :perHour and day < :perDay then cast(:accountId as uuid) end, :hash, :now, :until from recent
           returning account_id`,
          values,
        );
        return rows[0]?.account_id ?? undefined;
      };
      return db.isTransaction === true ? work(db) : db.transaction(work);
    },
    async use({ purpose, binding, code, now, tries }) {
      const { rows } = await db.raw<{ rows: { id: string; hash: Buffer; account_id: string | null }[] }>(
        `update codes set tries = tries + 1
         where binding = :binding and purpose = :purpose and used_at is null and expires_at > :now and tries < :tries
         returning id, hash, account_id`,
        { binding: bound(binding), purpose, now, tries },
      );
      const [found] = rows;
      const right = found && hashes(binding, code).some((hash) => timingSafeEqual(hash, found.hash));
      if (!right || found.account_id === null) return undefined;
      const used = await db.raw<{ rows: unknown[] }>(
        'update codes set used_at = :now where id = :id and used_at is null returning 1',
        { now, id: found.id },
      );
      return used.rows.length === 1 ? found.account_id : undefined;
    },
    async sweep(now) {
      await db('codes')
        .where('expires_at', '<=', now - DAY)
        .delete();
    },
  };
}
