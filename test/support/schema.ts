import type { Knex } from '../../src/stores/connections.ts';

type Column = {
  table: string;
  column: string;
  type: string;
  nullable: boolean;
  fallback: string | null;
  identity: string;
  comment: string | null;
};

/** The schema as text that is the same on every version of Postgres. */
export async function schemaOf(db: Knex): Promise<string> {
  const ask = async <T>(sql: string): Promise<T[]> => (await db.raw<{ rows: T[] }>(sql)).rows;
  const columns = await ask<Column>(`
    select c.relname as table, a.attname as column, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable,
           pg_get_expr(d.adbin, d.adrelid) as fallback, a.attidentity as identity, col_description(c.oid, a.attnum) as comment
    from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and a.attnum > 0 and not a.attisdropped and c.relname not like 'knex%'
    order by c.relname, a.attnum`);
  // Parts come and go with the months; the whole stands for them.
  const tables = await ask<{ table: string; comment: string | null; unlogged: boolean; parted: string | null }>(`
    select relname as table, obj_description(oid) as comment, relpersistence = 'u' as unlogged, pg_get_partkeydef(oid) as parted from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname not like 'knex%' order by relname`);
  const constraints = await ask<{ table: string; name: string; definition: string }>(`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid::regclass::text not like 'knex%'
    and conrelid not in (select inhrelid from pg_inherits) order by 1, 2`);
  const indexes = await ask<{ table: string; definition: string }>(`
    select tablename as table, indexdef as definition from pg_indexes where schemaname = 'public' and tablename not like 'knex%'
    and tablename not in (select inhrelid::regclass::text from pg_inherits) and indexname not in (select conname from pg_constraint) order by tablename, indexname`);
  const functions = await ask<{ definition: string }>(`
    select pg_get_functiondef(oid) as definition from pg_proc where pronamespace = 'public'::regnamespace order by proname`);

  const shown = tables.map(({ table, comment, unlogged, parted }) => {
    const lines = columns
      .filter((column) => column.table === table)
      .map(({ column, type, nullable, fallback, identity, comment: about }) =>
        [
          `  ${column} ${type}`,
          nullable ? '' : ' not null',
          fallback === null ? '' : ` default ${fallback}`,
          identity === 'a' ? ' generated always as identity' : '',
          about === null ? '' : ` -- ${about}`,
        ].join(''),
      );
    const rules = constraints
      .filter((rule) => rule.table === table)
      .map(({ name, definition }) => `  constraint ${name} ${definition}`);
    const found = indexes.filter((index) => index.table === table).map(({ definition }) => `${definition};`);
    return [
      ...(comment === null ? [] : [`-- ${comment}`]),
      `create ${unlogged ? 'unlogged ' : ''}table ${table} (`,
      ...lines,
      ...rules,
      parted === null ? ');' : `) partition by ${parted};`,
      ...found,
    ].join('\n');
  });
  const head = '-- The picture of now, generated from the migrations; for readers, never run.';
  return [head, ...shown, ...functions.map(({ definition }) => `${definition.trim()};`)].join('\n\n') + '\n';
}
