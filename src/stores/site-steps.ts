import type { KeptStep, SiteStep } from '../domain/site-attempt.ts';
import type { Knex } from './connections.ts';
import { sweepRows } from './sweep.ts';

export type NewStep = {
  readonly clientId: string;
  readonly at: number;
  readonly links: readonly string[];
  readonly step: SiteStep;
};

/** What sites tried lately: advice for their developers, and never evidence. */
export interface SiteSteps {
  /** All of them at once; of each site the last `keep` stay. What belongs to no client is not kept. */
  add(steps: readonly NewStep[], keep: number): Promise<void>;
  /** The newest first. */
  of(clientId: string, limit: number): Promise<readonly KeptStep[]>;
  /** Whose attempts these links belong to, as far as that is known. */
  owners(links: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Takes away what is from before then. */
  sweep(before: number): Promise<void>;
}

type Row = { readonly id: string; readonly at: string; readonly links: string[]; readonly step: SiteStep };

export function postgresSiteSteps(db: Knex): SiteSteps {
  return {
    async add(steps, keep) {
      const rows = steps.map(({ clientId, ...row }) => ({ client_id: clientId, ...row }));
      await db.raw(
        `insert into site_steps (client_id, at, links, step)
         select client_id, at, links, step
         from jsonb_to_recordset(cast(:rows as jsonb)) as r (client_id text, at bigint, links text[], step jsonb)
         where exists (select from clients where clients.id = r.client_id)`,
        { rows: JSON.stringify(rows) },
      );
      await db.raw(
        `delete from site_steps s using (
           select c.id as client_id,
             (select o.id from site_steps o where o.client_id = c.id order by o.id desc offset :keep limit 1) as last
           from unnest(cast(:clients as text[])) c (id)) gone
         where s.client_id = gone.client_id and s.id <= gone.last`,
        { keep, clients: [...new Set(steps.map(({ clientId }) => clientId))] },
      );
    },
    async of(clientId, limit) {
      const rows = await db('site_steps')
        .where({ client_id: clientId })
        .orderBy('id', 'desc')
        .limit(limit)
        .select<Row[]>('id', 'at', 'links', 'step');
      return rows.map(({ at, ...row }) => ({ ...row, at: Number(at) }));
    },
    async owners(links) {
      const { rows } = await db.raw<{ rows: { client_id: string; link: string }[] }>(
        `select distinct on (l.link) s.client_id, l.link from unnest(cast(:links as text[])) l (link)
         join site_steps s on s.links @> array[l.link] order by l.link, s.id`,
        { links: [...links] },
      );
      return new Map(rows.map(({ link, client_id }) => [link, client_id]));
    },
    async sweep(before) {
      await sweepRows(db, { table: 'site_steps', over: 'at < :before' }, { before });
    },
  };
}
