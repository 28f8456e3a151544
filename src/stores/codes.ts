import { timingSafeEqual } from 'node:crypto';
import type { Purpose } from '../domain/code.ts';
import type { Renewal } from '../domain/renewal.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';

export type NewCode = {
  readonly purpose: Purpose;
  /** Where alone it is worth something: the browser and the page that asked, or for activation the RUN. */
  readonly binding: string;
  /** Undefined for who must not notice that nothing was sent: the same work is done. */
  readonly accountId: string | undefined;
  readonly code: string;
  readonly now: number;
  readonly lifetime: number;
  readonly perHour: number;
  readonly perDay: number;
  /** What whoever uses it needs to know; sealed at rest. */
  readonly details?: Renewal | undefined;
};

export type Try = Pick<NewCode, 'purpose' | 'binding' | 'code' | 'now'> & { readonly tries: number };
/** `claimant`: a random value of the browser that begins; `again`: after so many ms another may begin in its stead, the same at once. */
export type Claim = Try & { readonly claimant: string; readonly again: number };

/** Codes for people: keyed hashes at rest, tries counted before comparing, used once. */
export interface Codes {
  /** A new code kills the old ones of its binding. Tells whose it is: undefined also when an account had too many. */
  issue(code: NewCode): Promise<string | undefined>;
  /** Whose code it was, once; undefined for a wrong, foreign, expired, used or worn out one. */
  use(attempt: Try): Promise<string | undefined>;
  /**
   * Takes the code for one browser, of n at once for one; whose it is. Not used up: who closed the tab loses nothing.
   * While somebody has just begun, nothing is evaluated and no try is lost.
   */
  claim(claim: Claim): Promise<string | undefined>;
  /** What was given to the code that this browser has claimed. */
  details(claim: Pick<Claim, 'purpose' | 'binding' | 'claimant'>): Promise<Renewal | undefined>;
  /** Used up for good, in the transaction that did what it was for; undefined when another has begun since, or it was killed. */
  finish(claim: Pick<Claim, 'purpose' | 'binding' | 'claimant' | 'now'>): Promise<string | undefined>;
  /** Kills what is open of an account, claimed or not. */
  endOf(accountId: string, purposes: readonly Purpose[], now: number): Promise<void>;
  /** Takes away what no cap and nobody asks for any more. */
  sweep(now: number): Promise<void>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Which of the 1,024 rows of `code_decoys`. */
const decoyOf = (hash: Buffer): number => hash.readUInt16BE(0) % 1024;

type Row = { id: string; hash: Buffer; account_id: string | null; details: Buffer | null };
type Values = Readonly<Record<string, string | number | null | Buffer | readonly Buffer[]>>;

export function postgresCodes(db: Knex, vault: Vault): Codes {
  // A RUN may be in it: nobody must be able to try all.
  const bound = (binding: string) => vault.indexes(binding, 'codes.binding');
  const hashes = (binding: string, code: string) => vault.indexes(`${binding}|${code}`, 'codes.hash');
  const place = (hash: Buffer) => `codes.details.${hash.toString('base64url')}`;
  const one = async (sql: string, values: Values) => {
    // pg takes arrays of buffers; knex does not say so.
    const { rows } = await db.raw<{ rows: Row[] }>(sql, values as Record<string, string>);
    return rows[0];
  };
  return {
    issue({ purpose, binding, accountId, code, now, lifetime, perHour, perDay, details }) {
      const bindings = bound(binding);
      const [hash] = hashes(binding, code);
      const values: Values = {
        ...{ bindings, purpose, binding: bindings[0], accountId: accountId ?? null, now, perHour, perDay },
        ...{ hash, until: now + lifetime, hourAgo: now - HOUR, dayAgo: now - DAY },
        details: details === undefined ? null : vault.seal(JSON.stringify(details), place(hash)),
      };
      const work = async (trx: Knex) => {
        // One at a time for a person: else those who ask at once would all count too few. Nobody locks a decoy,
        // which takes as long.
        await (accountId === undefined
          ? trx.raw('select 1 from code_decoys where n = ? for no key update', [decoyOf(hash)])
          : trx.raw('select 1 from accounts where id = ? for no key update', [accountId]));
        const { rows } = await trx.raw<{ rows: { account_id: string | null }[] }>(
          `with killed as (
             update codes set expires_at = least(expires_at, :now), claimed_by = null
             where binding = any(:bindings) and purpose = :purpose and used_at is null and (expires_at > :now or claimed_by is not null)
           ), recent as (
             select count(*) as day, count(*) filter (where created_at > :hourAgo) as hour from codes
             where account_id = cast(:accountId as uuid) and purpose = :purpose and created_at > :dayAgo
           )
           insert into codes (purpose, binding, account_id, hash, created_at, expires_at, details)
           select :purpose, :binding, case when hour < :perHour and day < :perDay then cast(:accountId as uuid) end, :hash, :now, :until, cast(:details as bytea) from recent
           returning account_id`,
          values as Record<string, string>,
        );
        return rows[0]?.account_id ?? undefined;
      };
      return db.isTransaction === true ? work(db) : db.transaction(work);
    },
    async use({ purpose, binding, code, now, tries }) {
      const found = await one(
        `update codes set tries = tries + 1
         where binding = any(:bindings) and purpose = :purpose and used_at is null and expires_at > :now and tries < :tries
         returning id, hash, account_id`,
        { bindings: bound(binding), purpose, now, tries },
      );
      const right = found && hashes(binding, code).some((hash) => timingSafeEqual(hash, found.hash));
      if (!right || found.account_id === null) return undefined;
      const used = await one('update codes set used_at = :now where id = :id and used_at is null returning id', {
        now,
        id: found.id,
      });
      return used ? found.account_id : undefined;
    },
    async claim({ purpose, binding, code, now, tries, claimant, again }) {
      const claimants = vault.indexes(claimant, 'codes.claimant');
      // One statement: those who wait for the row find it taken, and lose no try. HMACs may be compared by anybody. Where
      // no code waits a decoy is written instead, as a row that is changed can be told from none by the clock.
      const bindings = bound(binding);
      const found = await one(
        `with tried as (
           update codes set tries = tries + 1,
             claimed_at = case when hash = any(:hashes) then :now else claimed_at end,
             claimed_by = case when hash = any(:hashes) then :claimant else claimed_by end
           where binding = any(:bindings) and purpose = :purpose and used_at is null and expires_at > :now and tries < :tries
             and (claimed_at is null or claimed_at <= :before or claimed_by = any(:claimants))
           returning case when hash = any(:hashes) then account_id end as account_id
         ), instead as (
           update code_decoys set tries = (tries + 1) % 1000 where n = :decoy and not exists (select from tried)
         )
         select account_id from tried`,
        {
          ...{ hashes: hashes(binding, code), bindings, purpose, now, tries, before: now - again },
          ...{ claimant: claimants[0], claimants, decoy: decoyOf(bindings[0]) },
        },
      );
      return found?.account_id ?? undefined;
    },
    async details({ purpose, binding, claimant }) {
      const found = await one(
        `select hash, details from codes where binding = any(:bindings) and purpose = :purpose and used_at is null
           and claimed_by = any(:claimants)`,
        { bindings: bound(binding), purpose, claimants: vault.indexes(claimant, 'codes.claimant') },
      );
      if (!found?.details) return undefined;
      return JSON.parse(vault.open(found.details, place(found.hash))) as Renewal;
    },
    async finish({ purpose, binding, claimant, now }) {
      // Not asked for its expiry: who began in time may end, and what was killed is nobody's.
      const done = await one(
        `update codes set used_at = :now where binding = any(:bindings) and purpose = :purpose and used_at is null
           and claimed_by = any(:claimants) returning id, hash, account_id`,
        { bindings: bound(binding), purpose, now, claimants: vault.indexes(claimant, 'codes.claimant') },
      );
      return done?.account_id ?? undefined;
    },
    async endOf(accountId, purposes, now) {
      await db('codes')
        .where({ account_id: accountId, used_at: null })
        .whereIn('purpose', [...purposes])
        .update({ expires_at: db.raw('least(expires_at, cast(? as bigint))', [now]), claimed_by: null });
    },
    async sweep(now) {
      await sweepRows(db, { table: 'codes', over: 'expires_at <= :before' }, { before: now - DAY });
    },
  };
}
