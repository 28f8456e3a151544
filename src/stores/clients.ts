import type { Client, ClientFilter, ClientSort } from '../domain/client.ts';
import { folded, type Paging, type Placed } from '../domain/list.ts';
import type { Knex } from './connections.ts';
import { countOf, pageOf, type Keyed, type Sorting } from './keyset.ts';

/** Relying parties. Always in Postgres: an eviction must not unregister a state website. */
export interface Clients {
  byId(id: string): Promise<Client | undefined>;
  /** As it stands at this moment, whatever a process remembers of it. */
  fresh(id: string): Promise<Client | undefined>;
  list(): Promise<readonly Client[]>;
  page(filter: ClientFilter, paging: Paging<ClientSort>): Promise<readonly Placed<Client>[]>;
  /** How many, but no more than `most` of them. */
  count(filter: ClientFilter, most: number): Promise<number>;
  /** Those of a profile that have an address, for signing in or out, with that scheme and authority. */
  atOrigin(profile: Client['profile'], origin: string): Promise<readonly Client[]>;
  /** Inserts, or answers false when the id is taken. */
  add(client: Client, at: number): Promise<boolean>;
  /** Inserts or replaces. */
  put(client: Client, at: number): Promise<void>;
  remove(id: string): Promise<void>;
  /** Nothing is lost between two who change it at once: the second one changes what the first one left. */
  change(id: string, change: (client: Client) => Client, at: number): Promise<Client | undefined>;
}

/** What is looked at only together with the whole client. */
const DETAILS = [
  ...(['homeUri', 'initiateLoginUri', 'backchannelLogoutUri', 'logoUri', 'policyUri', 'termsUri'] as const),
  ...(['stateBefore', 'idTokenAlg', 'isolated', 'jwks', 'jwksUri', 'features', 'metadata'] as const),
];
type Details = Pick<Client, (typeof DETAILS)[number]>;
type Row = Pick<
  Client,
  'id' | 'name' | 'institution' | 'profile' | 'state' | 'sector' | 'auth' | 'secrets' | 'scopes'
> & {
  redirect_uris: string[];
  post_logout_redirect_uris: string[];
  details: Details;
  registered: Buffer | null;
};

const read = ({ redirect_uris, post_logout_redirect_uris, details, registered, ...row }: Row): Client => ({
  id: row.id,
  name: row.name,
  institution: row.institution,
  profile: row.profile,
  state: row.state,
  sector: row.sector,
  auth: row.auth,
  secrets: row.secrets,
  scopes: row.scopes,
  redirectUris: redirect_uris,
  postLogoutRedirectUris: post_logout_redirect_uris,
  ...details,
  ...(registered && { registered: registered.toString('base64') }),
});

function rowOf(client: Client, at: number) {
  const { id, name, institution, profile, state, sector, auth, scopes } = client;
  return {
    ...{ id, name, institution, profile, state, sector, auth, scopes: [...scopes] },
    secrets: JSON.stringify(client.secrets),
    redirect_uris: [...client.redirectUris],
    post_logout_redirect_uris: [...client.postLogoutRedirectUris],
    details: JSON.stringify(Object.fromEntries(DETAILS.map((name) => [name, client[name]]))),
    registered: client.registered === undefined ? null : Buffer.from(client.registered, 'base64'),
    ...{ created_at: at, updated_at: at },
  };
}

const SORTS: Readonly<Record<ClientSort, Sorting>> = {
  name: { by: 'folded(name)' },
  institution: { by: 'folded(institution)' },
};

export function postgresClients(db: Knex): Clients {
  const those = ({ institution, state, profile, words }: ClientFilter) => {
    const all = db('clients')
      .whereNull('registered')
      .andWhere({
        ...(institution !== undefined && { institution }),
        ...(state !== undefined && { state }),
        ...(profile !== undefined && { profile }),
      });
    return words === undefined ? all : all.andWhereRaw('position(? in sought) > 0', [folded(words)]);
  };
  const find = async (id: string) => {
    // Postgres knows no NUL, and would answer with a fault.
    if (id.includes('\0')) return undefined;
    const row = await db('clients').where({ id }).first<Row | undefined>();
    return row && read(row);
  };
  return {
    byId: find,
    fresh: find,
    async list() {
      const rows = await db('clients').orderBy('id').select<Row[]>();
      return rows.map(read);
    },
    async page(filter, paging) {
      const rows = await pageOf<Keyed<Row>, ClientSort>(those(filter), { sorts: SORTS, id: 'id', paging });
      return rows.map(({ row, place }) => ({ row: read(row), place }));
    },
    count: async (filter, most) => countOf(db, those(filter), most),
    async atOrigin(profile, origin) {
      const { rows } = await db.raw<{ rows: Row[] }>(
        `select * from clients where profile = :profile and exists (
           select from unnest(redirect_uris || post_logout_redirect_uris) uri
           where uri = :origin or starts_with(uri, :origin || '/') or starts_with(uri, :origin || '\\?'))`,
        { profile, origin },
      );
      return rows.map(read);
    },
    async add(client, at) {
      const added = await db('clients').insert(rowOf(client, at)).onConflict('id').ignore().returning('id');
      return added.length === 1;
    },
    async put(client, at) {
      const { created_at: _first, ...changed } = rowOf(client, at);
      await db('clients').insert(rowOf(client, at)).onConflict('id').merge(changed);
    },
    async remove(id) {
      await db('clients').where({ id }).delete();
    },
    async change(id, change, at) {
      return db.transaction(async (trx) => {
        const row = await trx('clients').where({ id }).forUpdate().first<Row | undefined>();
        if (!row) return undefined;
        const changed = change(read(row));
        const { created_at: _first, id: _same, ...columns } = rowOf(changed, at);
        await trx('clients').where({ id }).update(columns);
        return changed;
      });
    },
  };
}

/** Serves a client for up to `ttl` milliseconds without asking again: a suspension is felt within 5 s. */
export function cachedClients(clients: Clients, clock: () => number, ttl = 2000): Clients {
  const seen = new Map<string, { readonly client: Client; readonly until: number }>();
  return {
    ...clients,
    async byId(id) {
      const hit = seen.get(id);
      if (hit && hit.until > clock()) return hit.client;
      const client = await clients.byId(id);
      // Only what exists is kept: a client made by command is usable at once.
      if (client) {
        if (seen.size >= 10_000) seen.clear();
        seen.set(id, { client, until: clock() + ttl });
      } else seen.delete(id);
      return client;
    },
    async put(client, at) {
      seen.delete(client.id);
      await clients.put(client, at);
    },
    async remove(id) {
      seen.delete(id);
      await clients.remove(id);
    },
    async change(id, change, at) {
      seen.delete(id);
      return clients.change(id, change, at);
    },
  };
}
