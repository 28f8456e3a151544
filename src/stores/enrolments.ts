import type { Channel } from '../domain/checklist.ts';
import {
  AGAIN_LATELY,
  after,
  EXPIRING,
  isOver,
  STAGES,
  type By,
  type Move,
  type Request,
  type Stage,
} from '../domain/enrolment.ts';
import type { Identified } from '../domain/account.ts';
import type { Run } from '../domain/run.ts';
import { isUuid } from '../domain/uuid.ts';
import type { Vault } from '../domain/vault.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';
import { columns, movedOf, type Moved, type MoveRow, type Written } from './enrolments/moves.ts';

/** A case. Times are milliseconds. */
export type Enrolment = {
  readonly id: string;
  readonly stage: Stage;
  readonly version: number;
  readonly request: Request;
  readonly channel: Channel | undefined;
  readonly office: string | undefined;
  readonly level: Identified | undefined;
  readonly network: string;
  /** For whom it was drawn. */
  readonly officer: string | undefined;
  /** The officer who moved it last. */
  readonly lastBy: string | undefined;
  /** With officers, by video. */
  readonly sessions: number;
  readonly contactConfirmedAt: number | undefined;
  readonly identifiedAt: number | undefined;
  readonly accountId: string | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number;
};
/** `token` stands in her letters; only its HMAC is kept. `domain`: of her mail, unless half the country has one there. */
export type NewEnrolment = Pick<Enrolment, 'id' | 'request' | 'network' | 'createdAt' | 'expiresAt'> & {
  readonly token: string;
  readonly domain?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly office?: string | undefined;
};
export type EnrolmentStep = {
  readonly move: Move;
  readonly by: By;
  readonly at: number;
  readonly set?: Written | undefined;
};
/** How many other cases were asked for since, that are like this one. */
export type Alike = { readonly sameEmail: number; readonly sameNetwork: number; readonly sameDomain: number };

/** Ways from a request to a ClaveÚnica. RUN, document and contact are sealed; RUN and address are found by keyed index. */
export interface Enrolments {
  add(enrolment: NewEnrolment): Promise<void>;
  byId(id: string): Promise<Enrolment | undefined>;
  byToken(token: string): Promise<Enrolment | undefined>;
  /** Of one person, newest first. */
  ofRun(run: Run): Promise<readonly Enrolment[]>;
  /** Within a transaction: whoever else changes cases of that person waits until it is over. */
  lock(run: Run): Promise<void>;
  /**
   * One conditional statement: only from the stage and version of `was`, and only what the table of cases allows.
   * What it is now, or undefined.
   */
  move(
    was: Pick<Enrolment, 'id' | 'stage' | 'version' | 'lastBy'>,
    step: EnrolmentStep,
  ): Promise<Enrolment | undefined>;
  /** Another token in place of the one before. */
  replaceToken(id: string, token: string): Promise<void>;
  /** Oldest first. */
  history(id: string): Promise<readonly Moved[]>;
  /** Those made since: with the same address of mail, and by network or domain the others. */
  alike(id: string, since: { readonly email: number; readonly others: number }): Promise<Alike>;
  /** Cases of other people, asked for since, who have shown that the same address is theirs: anybody may write it. */
  sharing(one: Pick<Enrolment, 'request'>, since: number): Promise<number>;
  /** Those that are over their time and can end by that. */
  overdue(now: number, most: number): Promise<readonly Enrolment[]>;
  /** Ended ones whose time is over are deleted; who was identified lately is remembered. How many. */
  sweep(now: number): Promise<number>;
}

type Row = {
  id: string;
  stage: Stage;
  version: number;
  channel: Channel | null;
  office: string | null;
  level: Identified | null;
  data: Buffer;
  network: string;
  officer_id: string | null;
  last_by: string | null;
  sessions: number;
  contact_confirmed_at: string | null;
  identified_at: string | null;
  account_id: string | null;
  created_at: string;
  updated_at: string;
  expires_at: string;
};

const place = (id: string) => `enrolments.data.${id}`;
const opt = (at: string | null) => (at === null ? undefined : Number(at));
const ENDED = STAGES.filter(isOver);

export function postgresEnrolments(db: Knex, vault: Vault): Enrolments {
  const runs = (run: Run) => vault.indexes(run, 'enrolments.run');
  const read = (row: Row): Enrolment => ({
    ...{ id: row.id, stage: row.stage, version: row.version, network: row.network, sessions: row.sessions },
    request: JSON.parse(vault.open(row.data, place(row.id))) as Request,
    ...{ channel: row.channel ?? undefined, office: row.office ?? undefined, level: row.level ?? undefined },
    ...{ officer: row.officer_id ?? undefined, lastBy: row.last_by ?? undefined },
    ...{ contactConfirmedAt: opt(row.contact_confirmed_at), identifiedAt: opt(row.identified_at) },
    accountId: row.account_id ?? undefined,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
    expiresAt: Number(row.expires_at),
  });
  const tokens = (token: string) => vault.indexes(token, 'enrolments.token');
  return {
    async add({ id, request, network, token, domain, channel, office, createdAt, expiresAt }) {
      const { email } = request;
      await db('enrolments').insert({
        ...{ id, stage: 'requested', network, channel: channel ?? null, office: office ?? null },
        run_index: runs(request.run)[0],
        email_index: email === undefined ? null : vault.indexes(email.toLowerCase(), 'enrolments.email')[0],
        domain_index: domain === undefined ? null : vault.indexes(domain, 'enrolments.domain')[0],
        data: vault.seal(JSON.stringify(request), place(id)),
        token: tokens(token)[0],
        ...{ created_at: createdAt, updated_at: createdAt, expires_at: expiresAt },
      });
    },
    async byId(id) {
      const row = isUuid(id) ? await db<Row>('enrolments').where({ id }).first() : undefined;
      return row && read(row);
    },
    async byToken(token) {
      const row = await db('enrolments')
        .whereIn('token', [...tokens(token)])
        .first<Row | undefined>();
      return row && read(row);
    },
    async ofRun(run) {
      const rows = await db('enrolments')
        .whereIn('run_index', [...runs(run)])
        .orderBy([{ column: 'created_at', order: 'desc' }, 'id'])
        .select<Row[]>();
      return rows.map(read);
    },
    async lock(run) {
      // The last index is that of the oldest key: it is the same on processes that have a newer one already or not yet.
      const key = runs(run).at(-1)?.readBigInt64BE(0) ?? 0n;
      await db.raw('select pg_advisory_xact_lock(cast(? as bigint))', [key.toString()]);
    },
    async move({ id, stage, version, lastBy }, { move, by, at, set = {} }) {
      const to = after(stage, move, { by, lastBy });
      if (to === undefined) return undefined;
      const [row] = await db('enrolments')
        .where({ id, stage, version })
        .update({
          ...{ stage: to, version: version + 1, updated_at: at },
          ...(by.kind === 'officer' && { last_by: by.id ?? null }),
          ...columns(set),
        })
        .returning<Row[]>('*');
      if (!row) return undefined;
      await db('enrolment_moves').insert({
        ...{ case_id: id, move, from_stage: stage, to_stage: to, by_kind: by.kind, by_id: by.id ?? null, at },
      });
      return read(row);
    },
    async replaceToken(id, token) {
      await db('enrolments')
        .where({ id })
        .update({ token: tokens(token)[0] });
    },
    async history(id) {
      const rows = await db('enrolment_moves').where({ case_id: id }).orderBy('id').select<MoveRow[]>();
      return rows.map(movedOf);
    },
    async alike(id, since) {
      const { rows } = await db.raw<{ rows: { email: string; network: string; domain: string }[] }>(
        `select (select count(*) from enrolments o where o.email_index = e.email_index and o.id <> e.id and o.created_at > :email) as email,
                (select count(*) from enrolments o where o.network = e.network and o.id <> e.id and o.created_at > :others) as network,
                (select count(*) from enrolments o where o.domain_index = e.domain_index and o.id <> e.id and o.created_at > :others) as domain
         from enrolments e where e.id = :id`,
        { id, ...since },
      );
      const { email, network, domain } = rows[0] ?? { email: 0, network: 0, domain: 0 };
      return { sameEmail: Number(email), sameNetwork: Number(network), sameDomain: Number(domain) };
    },
    async sharing({ request: { run, email } }, since) {
      if (email === undefined) return 0;
      const row = await db('enrolments')
        .whereIn('email_index', [...vault.indexes(email.toLowerCase(), 'enrolments.email')])
        .whereNotIn('run_index', [...runs(run)])
        .whereNotNull('contact_confirmed_at')
        .andWhere('created_at', '>', since)
        .count<{ count: string }>()
        .first();
      return Number(row?.count ?? 0);
    },
    async overdue(now, most) {
      const rows = await db('enrolments')
        .where('expires_at', '<=', now)
        .whereIn('stage', [...EXPIRING])
        .orderBy('expires_at')
        .limit(most)
        .select<Row[]>();
      return rows.map(read);
    },
    sweep: (now) => {
      const over = 'expires_at <= :now and stage = any(:ended) and (identified_at is null or identified_at <= :lately)';
      return sweepRows(db, { table: 'enrolments', over }, { now, ended: ENDED, lately: now - AGAIN_LATELY });
    },
  };
}
