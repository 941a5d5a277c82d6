import type { PoolClient } from 'pg'
import { type Layout, patternSize } from './facts.ts'

/** Each with what makes its rows the first copy's. Facts first, then what was worked out of them. */
const tables = [
  'commit',
  'pull_request',
  'pull_request_commit',
  'pull_request_reviewer',
  'pull_request_event',
  'deployment',
  'incident',
  'pull_request_figures',
  'pull_request_review',
  'deployment_figures',
  'deployment_change',
  'deployed_commit',
  'vulnerability',
  'vulnerability_event',
  'remediation_link',
  'vulnerability_figures',
] as const

const ids = new Set([
  'id',
  'pull_request_id',
  'deployment_id',
  'vulnerability_id',
  'last_pull_request_id',
  'introduced_deployment_id',
])
const names = new Set(['sha', 'merge_sha', 'source_sha', 'commit_sha', 'commit', 'merge_commit', 'source_commit'])

type Column = { name: string; type: string }

/**
 * Repeats the first copy through time, every moment later by whole spans, every name another: durations stay as the rules
 * worked them out. Without triggers and foreign keys (a superuser may), and with the indexes made once at the end.
 */
export async function copyThroughTime(client: PoolClient, layout: Layout, say: (line: string) => void): Promise<void> {
  await client.query(`create temporary table last_merge as
    select distinct on (repository_id) repository_id, sha from commit where cardinality(parents) <> 1
    order by repository_id, committed_at desc, sha`)
  for (const table of tables) {
    const begun = performance.now()
    const indexes = await dropIndexes(client, table)
    const { rows: columns } = await client.query<Column>(
      `select attname as name, format_type(atttypid, null) as type from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
      [table],
    )
    const list = columns.map(({ name }) => `"${name}"`).join(', ')
    const values = columns.map((column) => later(column, table, layout)).join(', ')
    await client.query('begin')
    await client.query(`set local session_replication_role = replica`)
    const { rowCount } = await client.query(`insert into "${table}" (${list})
      select ${values} from generate_series(1, ${layout.copies - 1}) k cross join (select * from "${table}") t`)
    await client.query('commit')
    for (const definition of indexes) await client.query(definition)
    await client.query(`vacuum analyze "${table}"`)
    say(`${String(rowCount)} rows more of ${table} in ${((performance.now() - begun) / 1000).toFixed(1)} s`)
  }
  await settleLastCopy(client, layout)
}

/** What comes after the last copy is worked out from there, as in an installation that has been running. */
async function settleLastCopy(client: PoolClient, { copies, spanS }: Layout): Promise<void> {
  const last = `lpad(to_hex(${copies - 1}), 4, '0')`
  await client.query(`update settled_deployments set through = through + ${copies - 1} * ${spanS} * interval '1 second',
    last_success_id = overlay(last_success_id::text placing ${last} from 25 for 4)::uuid,
    last_commit = overlay(last_commit placing ${last} from 1 for 4)`)
}

/** The SQL of a column's value in copy `k` of the row `t`. */
function later({ name, type }: Column, table: string, layout: Layout): string {
  const column = `t."${name}"`
  if (type === 'timestamp with time zone') return `${column} + k * ${layout.spanS} * interval '1 second'`
  if (ids.has(name)) return `overlay(${column}::text placing lpad(to_hex(k), 4, '0') from 25 for 4)::uuid`
  if (names.has(name)) return `overlay(${column} placing lpad(to_hex(k), 4, '0') from 1 for 4)`
  if (name === 'remote_id') return `${column} + k * ${Math.ceil(patternSize(layout) / layout.repositories) + 1}`
  if (name === 'number' && table === 'vulnerability') return `${column} + k * ${patternSize(layout)}`
  if (name === 'key' || (name === 'remote_key' && table === 'deployment')) return `k || ':' || ${column}`
  // A line of history goes on where the copy before ended.
  if (name === 'parents')
    return `case when cardinality(${column}) > 0
      then array(select overlay(p placing lpad(to_hex(k), 4, '0') from 1 for 4) from unnest(${column}) p)
      else array(select overlay(l.sha placing lpad(to_hex(k - 1), 4, '0') from 1 for 4) from last_merge l
        where l.repository_id = t.repository_id) end`
  return column
}

async function dropIndexes(client: PoolClient, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition from pg_index
     where indrelid = $1::regclass and not indisunique`,
    [table],
  )
  for (const { name } of rows) await client.query(`drop index ${name}`)
  return rows.map(({ definition }) => definition)
}
