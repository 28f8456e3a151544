import {
  INCIDENT_FIGURES,
  INCIDENT_MOMENTS,
  TOLD,
  type IncidentFigure,
  type IncidentMoment,
} from '../domain/incident.ts';
import type { Knex } from './connections.ts';

export type Count = { readonly events: number; readonly accounts: number };
export type Moment = {
  readonly at: number;
  readonly kind: IncidentMoment;
  readonly client?: string;
  readonly details: Readonly<Record<string, string | number | boolean>>;
};
/** Which rows of the log it was made of, and which blocks seal them. */
export type Sealed = {
  readonly rows: number;
  readonly unsealed: number;
  readonly firstRow: string | null;
  readonly lastRow: string | null;
  readonly firstBlock: number | null;
  readonly lastBlock: number | null;
  /** Of the last block; base64url. */
  readonly hash: string | null;
};
export type Incident = {
  readonly figures: Readonly<Record<IncidentFigure, Count>>;
  readonly moments: readonly Moment[];
  /** There were more than fit. */
  readonly more: boolean;
  readonly sealed: Sealed;
};

type Period = { readonly from: number; readonly until: number };
const MOST = 1000;

export interface Incidents {
  /** What happened in a time, in numbers, out of the log: counts of people and never who. */
  of(period: Period): Promise<Incident>;
}

export function postgresIncidents(db: Knex): Incidents {
  return {
    async of(period) {
      const [figures, moments, sealed] = [
        await count(db, period),
        await timeline(db, period),
        await sealOf(db, period),
      ];
      return { figures, moments: moments.slice(0, MOST), more: moments.length > MOST, sealed };
    },
  };
}

async function count(db: Knex, period: Period): Promise<Incident['figures']> {
  const all = Object.entries(INCIDENT_FIGURES).flatMap(([name, kinds]) => kinds.map((kind) => [name, kind] as const));
  const { rows } = await db.raw<{ rows: { name: string; events: string; accounts: string }[] }>(
    `select name, count(*) as events, count(distinct account_id) as accounts
     from audit join unnest(cast(:names as text[]), cast(:kinds as text[])) as told (name, kind) using (kind)
     where at >= :from and at < :until group by name`,
    { names: all.map(([name]) => name), kinds: all.map(([, kind]) => kind), ...period },
  );
  const found = new Map(rows.map(({ name, events, accounts }) => [name, { events: +events, accounts: +accounts }]));
  const none = { events: 0, accounts: 0 };
  const names = Object.keys(INCIDENT_FIGURES) as readonly IncidentFigure[];
  return Object.fromEntries(names.map((name) => [name, found.get(name) ?? none])) as Incident['figures'];
}

async function timeline(db: Knex, { from, until }: Period): Promise<readonly Moment[]> {
  type Row = { at: string; kind: IncidentMoment; client_id: string | null; details: Moment['details'] };
  const rows = await db('audit')
    .whereIn('kind', [...INCIDENT_MOMENTS])
    .andWhere('at', '>=', from)
    .andWhere('at', '<', until)
    .orderBy(['at', 'id'])
    .limit(MOST + 1)
    .select<Row[]>('at', 'kind', 'client_id', 'details');
  return rows.map(({ at, kind, client_id, details }) => ({
    ...{ at: Number(at), kind, ...(client_id !== null && { client: client_id }) },
    details: Object.fromEntries(TOLD.flatMap((name) => (name in details ? [[name, details[name] ?? '']] : []))),
  }));
}

async function sealOf(db: Knex, period: Period): Promise<Sealed> {
  type Row = { rows: string; unsealed: string; first: string | null; last: string | null };
  const { rows } = await db.raw<{ rows: Row[] }>(
    `select count(*) as rows, min(id) as first, max(id) as last,
       count(*) filter (where id > coalesce((select max(to_id) from audit_blocks), 0)) as unsealed
     from audit where at >= :from and at < :until`,
    period,
  );
  const { first = null, last = null, ...seen } = rows[0] ?? { rows: '0', unsealed: '0' };
  type Block = { id: number; hash: Buffer };
  const blocks = (end: 'asc' | 'desc') =>
    db('audit_blocks').where('to_id', '>=', first).andWhere('from_id', '<=', last).orderBy('id', end).limit(1);
  const [earliest] = first === null ? [] : await blocks('asc').select<Block[]>('id', 'hash');
  const [latest] = first === null ? [] : await blocks('desc').select<Block[]>('id', 'hash');
  return {
    ...{ rows: Number(seen.rows), unsealed: Number(seen.unsealed), firstRow: first, lastRow: last },
    ...{ firstBlock: earliest?.id ?? null, lastBlock: latest?.id ?? null },
    hash: latest?.hash.toString('base64url') ?? null,
  };
}
