import type { AlertKind } from '../domain/alert.ts';
import { HOUR_MS } from '../domain/alert.ts';
import type { Knex } from './connections.ts';

export type NewAlert = {
  readonly kind: AlertKind;
  /** What it is about: the same alert rings once an hour. */
  readonly key: string;
  readonly at: number;
  /** Of the member of staff whose doing it is about. */
  readonly actorId?: string | undefined;
  readonly details: Readonly<Record<string, string | number | boolean>>;
};
export type Alert = Omit<NewAlert, 'key'> & {
  readonly id: string;
  /** Who said that she has seen it, and when. */
  readonly seenBy?: string | undefined;
  readonly seenAt?: number | undefined;
};

/** What operators must look at. */
export interface Alerts {
  /** Its id; undefined when the same one rang in that hour already. */
  add(alert: NewAlert): Promise<string | undefined>;
  /** The newest first; `open`: those only that nobody has acknowledged. */
  list(query: {
    readonly open?: boolean;
    readonly before?: string | undefined;
    readonly limit: number;
  }): Promise<readonly Alert[]>;
  /** How many nobody has acknowledged. */
  open(): Promise<number>;
  /** Of two at once one does. */
  acknowledge(id: string, by: string, at: number): Promise<boolean>;
  /** Takes away what was acknowledged before then; tells how many. */
  sweep(before: number): Promise<number>;
}

type Row = {
  id: string;
  kind: AlertKind;
  at: string;
  actor_id: string | null;
  details: Alert['details'];
  seen_by: string | null;
  seen_at: string | null;
};
const read = ({ id, kind, at, actor_id, details, seen_by, seen_at }: Row): Alert => ({
  ...{ id, kind, at: Number(at), details },
  ...(actor_id !== null && { actorId: actor_id }),
  ...(seen_by !== null && { seenBy: seen_by }),
  ...(seen_at !== null && { seenAt: Number(seen_at) }),
});

const MOST = '9223372036854775807';
const isId = (id: string) => /^\d{1,18}$/.test(id);

export function postgresAlerts(db: Knex): Alerts {
  return {
    async add({ kind, key, at, actorId, details }) {
      const hour = Math.floor(at / HOUR_MS);
      const row = { kind, key, at, hour, actor_id: actorId ?? null, details: JSON.stringify(details) };
      const added = await db('alerts')
        .insert(row)
        .onConflict(['kind', 'key', 'hour'])
        .ignore()
        .returning<{ id: string }[]>('id');
      return added[0]?.id;
    },
    async list({ open = false, before = MOST, limit }) {
      const all = db('alerts').where('id', '<', before);
      const rows = await (open ? all.whereNull('seen_at') : all).orderBy('id', 'desc').limit(limit).select<Row[]>();
      return rows.map(read);
    },
    async open() {
      const { rows } = await db.raw<{ rows: { count: string }[] }>(
        'select count(*) as count from alerts where seen_at is null',
      );
      return Number(rows[0]?.count ?? 0);
    },
    async acknowledge(id, by, at) {
      if (!isId(id)) return false;
      return (await db('alerts').where({ id }).whereNull('seen_at').update({ seen_by: by, seen_at: at })) === 1;
    },
    sweep: (before) => db('alerts').where('seen_at', '<', before).delete(),
  };
}
