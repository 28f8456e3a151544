import type { Action, Channel, Exception, Rejection, Sheet } from '../domain/checklist.ts';
import type { CardDifference } from '../domain/mrz.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';

/** How a session ended. */
export type Result = 'approved' | 'rejected' | 'held' | 'broken-off';

/** As much of the civil registry's answer as is kept. Times are milliseconds by our clock. */
export type RegistrySaid = {
  readonly at: number;
  readonly says: 'good' | 'blocked' | 'deceased' | 'mismatch' | 'unknown' | 'expired' | 'unavailable';
  readonly names?: readonly string[] | undefined;
  readonly surnames?: readonly string[] | undefined;
  readonly birthdate?: string | undefined;
};

/** What is sealed of a session. */
export type Work = {
  readonly sheet: Sheet;
  readonly registry?: RegistrySaid | undefined;
  /** Let pass by a second person: which, whose. */
  readonly exceptions: readonly { readonly kind: Exception; readonly by: string; readonly at: number }[];
  /** Of the document as it was accepted. */
  /** In place of what was asked for: a second person agreed. */
  readonly contact?: { readonly email?: string | undefined; readonly phone?: string | undefined } | undefined;
  readonly document?: { readonly issuer: string; readonly number: string; readonly expiry: string } | undefined;
  readonly differences?: readonly CardDifference[] | undefined;
  readonly rejection?: Rejection | undefined;
  readonly words?: string | undefined;
};

export type Evidence = {
  readonly id: string;
  readonly caseId: string;
  /** The how-manieth of its case. */
  readonly session: number;
  readonly channel: Channel;
  readonly office: string | undefined;
  readonly officer: string;
  readonly drawn: readonly Action[];
  readonly startedAt: number;
  readonly version: number;
  readonly work: Work;
  readonly result: Result | undefined;
  readonly endedAt: number | undefined;
};
export type NewEvidence = Omit<Evidence, 'version' | 'result' | 'endedAt'>;

/** Sessions of officers with citizens; one open at a time for a case, and for an officer. */
export interface Evidences {
  /** False when the case or the officer is in session already. */
  open(session: NewEvidence): Promise<boolean>;
  byId(id: string): Promise<Evidence | undefined>;
  /** Of a case, the newest first. */
  ofCase(caseId: string): Promise<readonly Evidence[]>;
  /** The one that an officer is in. */
  inHand(officer: string): Promise<Evidence | undefined>;
  /** Open ones that began before then, or whose officer is none any more. */
  forsaken(before: number, most: number): Promise<readonly Evidence[]>;
  /** Hers that began since, the newest first. */
  ofOfficer(officer: string, since: number): Promise<readonly Evidence[]>;
  /** False when it was written meanwhile, or has ended. */
  write(id: string, was: number, work: Work): Promise<boolean>;
  /** Once; the same, with the last words. */
  end(id: string, was: number, ended: Ended): Promise<boolean>;
  /** The account that came of it. */
  belongsTo(id: string, accountId: string): Promise<void>;
  /** Those that ended before then and whose accounts, if any, had ended by then too. How many. */
  sweep(before: number): Promise<number>;
  /** Approvals and all else by officer, of those that ended since. */
  byOfficer(since: number): Promise<readonly Tally[]>;
}
type Ended = { readonly work: Work; readonly result: Result; readonly at: number };
export type Tally = { readonly officer: string; readonly result: Result; readonly count: number };

type Row = {
  id: string;
  case_id: string;
  session: number;
  channel: Channel;
  office: string | null;
  officer_id: string;
  drawn: Action[];
  work: Buffer;
  version: number;
  result: Result | null;
  started_at: string;
  ended_at: string | null;
};

const NOBODY = '00000000-0000-0000-0000-000000000000';
/** Page by page, since most of what is old belongs to somebody who lives: no statement looks at all of it. */
const SWEEP = `with page as (
     select id, ended_at, account_id from evidence
     where ended_at < :before and (ended_at, id) > (cast(:at as bigint), cast(:id as uuid)) order by ended_at, id limit 2000),
   over as (
     select page.id from page left join accounts a on a.id = page.account_id
     where a.id is null or a.status in ('closed', 'deceased') and a.updated_at < :before),
   looked as (delete from samples using over where evidence_id = over.id),
   gone as (delete from evidence using over where evidence.id = over.id returning 1)
   select (select count(*) from gone) as gone, ended_at as at, id from page order by ended_at desc, id desc limit 1`;

export function postgresEvidence(db: Knex, vault: Vault): Evidences {
  const place = (id: string) => `evidence.work.${id}`;
  const seal = (id: string, work: Work) => vault.seal(JSON.stringify(work), place(id));
  const read = (row: Row): Evidence => ({
    ...{ id: row.id, caseId: row.case_id, session: row.session, channel: row.channel, officer: row.officer_id },
    ...{ office: row.office ?? undefined, drawn: row.drawn, startedAt: Number(row.started_at), version: row.version },
    work: JSON.parse(vault.open(row.work, place(row.id))) as Work,
    ...{ result: row.result ?? undefined, endedAt: row.ended_at === null ? undefined : Number(row.ended_at) },
  });
  return {
    async open({ id, caseId, session, channel, office, officer, drawn, startedAt, work }) {
      const added = await db('evidence')
        .insert({
          ...{ id, case_id: caseId, session, channel, office: office ?? null, officer_id: officer },
          ...{ drawn: [...drawn], started_at: startedAt, work: seal(id, work) },
        })
        .onConflict()
        .ignore()
        .returning('id');
      return added.length === 1;
    },
    async byId(id) {
      if (!isUuid(id)) return undefined;
      const row = await db<Row>('evidence').where({ id }).first();
      return row && read(row);
    },
    async ofCase(caseId) {
      if (!isUuid(caseId)) return [];
      const rows = await db('evidence').where({ case_id: caseId }).orderBy('session', 'desc').select<Row[]>();
      return rows.map(read);
    },
    async inHand(officer) {
      const row = await db('evidence').where({ officer_id: officer }).whereNull('result').first<Row | undefined>();
      return row && read(row);
    },
    async forsaken(before, most) {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `select e.* from evidence e left join staff s on s.account_id = e.officer_id
         where e.result is null
           and (e.started_at < :before or s.state is distinct from 'active' or not 'officer' = any(s.roles))
         order by e.started_at limit :most`,
        { before, most },
      );
      return rows.map(read);
    },
    async ofOfficer(officer, since) {
      const rows = await db('evidence')
        .where({ officer_id: officer })
        .andWhere('started_at', '>=', since)
        .orderBy('started_at', 'desc')
        .select<Row[]>();
      return rows.map(read);
    },
    async write(id, was, work) {
      const changed = await db('evidence')
        .where({ id, version: was })
        .whereNull('result')
        .update({ work: seal(id, work), version: was + 1 });
      return changed === 1;
    },
    async end(id, was, { work, result, at }) {
      const changed = await db('evidence')
        .where({ id, version: was })
        .whereNull('result')
        .update({ work: seal(id, work), version: was + 1, result, ended_at: at });
      return changed === 1;
    },
    async belongsTo(id, accountId) {
      await db('evidence').where({ id }).update({ account_id: accountId });
    },
    async sweep(before) {
      let gone = 0;
      let [at, id] = ['-1', NOBODY];
      for (;;) {
        const { rows } = await db.raw<{ rows: { gone: string; at: string; id: string }[] }>(SWEEP, { before, at, id });
        const [page] = rows;
        if (!page) return gone;
        gone += Number(page.gone);
        ({ at, id } = page);
      }
    },
    async byOfficer(since) {
      const rows = await db('evidence')
        .where('ended_at', '>=', since)
        .groupBy('officer_id', 'result')
        .orderBy(['officer_id', 'result'])
        .select<{ officer_id: string; result: Result; count: string }[]>('officer_id', 'result', db.raw('count(*)'));
      return rows.map(({ officer_id, result, count }) => ({ officer: officer_id, result, count: Number(count) }));
    },
  };
}
