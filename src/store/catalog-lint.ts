import type { Pool } from 'pg'

/** Tables of the public schema that belong to no organization: accounts, the installation itself, what the world publishes, and what precedes an organization. */
export const unshardedTables: readonly string[] = [
  'advisory_alias',
  'auth_account',
  'auth_membership',
  'auth_session',
  'auth_user',
  'auth_verification',
  'epss_score',
  'instance',
  'intelligence_load',
  'known_exploited',
  'weir_migration',
]

type Index = { table_name: string; index_name: string; is_primary: boolean; columns: string[] }
type ForeignKey = { table_name: string; key_name: string; target: string; columns: string[]; target_columns: string[] }
type Table = { table_name: string; tenant_column: 'missing' | 'nullable' | 'wrong type' | 'ok'; has_primary: boolean }

const tenant = 'organization_id'

const tableQuery = `
  select c.relname as table_name,
    case when a.attname is null then 'missing' when not a.attnotnull then 'nullable'
      when a.atttypid <> 'uuid'::regtype then 'wrong type' else 'ok' end as tenant_column,
    exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary) as has_primary
  from pg_class c
  left join pg_attribute a on a.attrelid = c.oid and a.attname = '${tenant}' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') order by 1`

/** Names of the columns with these numbers, in their order. An expression's number is 0 and shows as (expression). */
const columnNames = (table: string, numbers: string): string =>
  `array(select coalesce(a.attname, '(expression)')::text from unnest(${numbers}) with ordinality as n(number, place)
    left join pg_attribute a on a.attrelid = ${table} and a.attnum = n.number and n.number > 0 order by n.place)`

const indexQuery = (where: string): string => `
  select c.relname as table_name, x.relname as index_name, i.indisprimary as is_primary,
    ${columnNames('i.indrelid', 'i.indkey::int2[]')} as columns
  from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
  where c.relnamespace = 'public'::regnamespace and ${where} order by 1, 2`

const foreignKeyQuery = `
  select c.relname as table_name, k.conname as key_name, t.relname as target,
    ${columnNames('k.conrelid', 'k.conkey')} as columns, ${columnNames('k.confrelid', 'k.confkey')} as target_columns
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
  where k.contype = 'f' and c.relnamespace = 'public'::regnamespace order by 1, 2`

/** What the schema does against the tenant rules, one sentence each; empty when it keeps them all. */
export async function lintCatalog(pool: Pool, unsharded: readonly string[] = unshardedTables): Promise<string[]> {
  const isTenant = (table: string): boolean => !unsharded.includes(table)
  const tables = (await pool.query<Table>(tableQuery)).rows
  const uniques = (await pool.query<Index>(indexQuery('i.indisunique'))).rows
  // A partial index does not help a delete of the row pointed at, unless it leaves out nulls only.
  const usable = `(i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')`
  const indexes = (await pool.query<Index>(indexQuery(usable))).rows
  const keys = (await pool.query<ForeignKey>(foreignKeyQuery)).rows
  return [
    ...unsharded
      .filter((name) => !tables.some((table) => table.table_name === name))
      .map((name) => `${name}: listed as unsharded but there is no such table`),
    ...tables.filter((table) => isTenant(table.table_name)).flatMap(lintTable),
    ...uniques.filter((index) => isTenant(index.table_name)).flatMap(lintUnique),
    ...keys.filter((key) => isTenant(key.table_name) && isTenant(key.target)).flatMap(lintTenantKey),
    ...keys.flatMap((key) => lintKeyIndex(key, indexes)),
  ]
}

function lintTable(table: Table): string[] {
  const wrong: string[] = []
  if (table.tenant_column !== 'ok') wrong.push(`${table.table_name}: ${tenant} is ${table.tenant_column}`)
  if (!table.has_primary) wrong.push(`${table.table_name}: has no primary key`)
  return wrong
}

function lintUnique(index: Index): string[] {
  if (index.columns[0] === tenant) return []
  const kind = index.is_primary ? 'primary key' : 'unique index'
  return [`${index.table_name}: ${kind} ${index.index_name} does not begin with ${tenant}`]
}

function lintTenantKey(key: ForeignKey): string[] {
  if (key.columns[0] === tenant && key.target_columns[0] === tenant) return []
  return [`${key.table_name}: foreign key ${key.key_name} to ${key.target} does not begin with ${tenant}`]
}

function lintKeyIndex(key: ForeignKey, indexes: readonly Index[]): string[] {
  const wanted = key.columns.toSorted().join()
  const isServed = indexes.some(
    (index) =>
      index.table_name === key.table_name && index.columns.slice(0, key.columns.length).toSorted().join() === wanted,
  )
  return isServed ? [] : [`${key.table_name}: foreign key ${key.key_name} (${key.columns.join(', ')}) has no index`]
}
