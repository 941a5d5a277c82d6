import type { Pool } from 'pg'

type Column = {
  table_name: string
  column_name: string
  type_name: string
  is_nullable: boolean
  has_default: boolean
  is_generated: boolean
  allowed: string | null
}

const columnQuery = `
  select c.relname as table_name, a.attname as column_name, t.typname as type_name,
    not a.attnotnull as is_nullable, a.atthasdef or a.attidentity <> '' as has_default,
    a.attgenerated <> '' or a.attidentity = 'a' as is_generated,
    (select pg_get_constraintdef(k.oid) from pg_constraint k
      where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
        and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%' order by k.conname limit 1) as allowed
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where n.nspname = 'public' and c.relkind in ('r', 'p')
  order by c.relname collate "C", a.attnum`

const typeNames: Readonly<Record<string, string>> = {
  bool: 'boolean',
  int2: 'number',
  int4: 'number',
  int8: 'number',
  float4: 'number',
  float8: 'number',
  numeric: 'string',
  text: 'string',
  varchar: 'string',
  uuid: 'string',
  date: 'string',
  inet: 'string',
  bytea: 'Buffer',
  timestamptz: 'Timestamp',
  tsvector: 'string',
  json: 'Json',
  jsonb: 'Json',
}

const header = `// Written by scripts/write-schema-types.ts from the migrated database; a test compares. Do not edit.
import type { ColumnType } from 'kysely'

/** Has a default, so that an insert may leave it out. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>

/** Read as Date; written as Date or RFC 3339 text. */
type Timestamp = ColumnType<Date, Date | string, Date | string>

/** Read parsed and unchecked; written as JSON text, since the driver would turn a list into an SQL array. */
type Json = ColumnType<unknown, string, string>
`

/** The TypeScript of all tables of the public schema: one type a table, and \`Database\` that names them. Throws at a column type without a known shape. */
export async function renderSchemaTypes(pool: Pool): Promise<string> {
  const columns = await pool.query<Column>(columnQuery)
  const tables = Map.groupBy(columns.rows, (column) => column.table_name)
  const types = [...tables].map(
    ([table, rows]) => `export type ${toTypeName(table)}Table = {\n${rows.map(renderColumn).join('')}}\n`,
  )
  const names = [...tables.keys()].map((table) => `  ${table}: ${toTypeName(table)}Table\n`)
  return [header, ...types, `export type Database = {\n${names.join('')}}\n`].join('\n')
}

function renderColumn(column: Column): string {
  const base = toValueType(column) + (column.is_nullable ? ' | null' : '')
  const type = column.is_generated
    ? `ColumnType<${base}, never, never>`
    : column.has_default
      ? `Generated<${base}>`
      : base
  return `  ${column.column_name}: ${type}\n`
}

function toValueType(column: Column): string {
  const allowed = [...(column.allowed ?? '').matchAll(/'((?:[^']|'')*)'::text/g)].map((match) => `'${match[1]}'`)
  if (allowed.length > 0) return allowed.join(' | ')
  const isArray = column.type_name.startsWith('_')
  const name = typeNames[isArray ? column.type_name.slice(1) : column.type_name]
  if (name === undefined)
    throw new Error(`No TypeScript for ${column.table_name}.${column.column_name} (${column.type_name}).`)
  return isArray ? `${name}[]` : name
}

function toTypeName(table: string): string {
  return table.replace(/(?:^|_)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
