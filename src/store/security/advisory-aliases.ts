import { sql } from 'kysely'
import type { AliasLeaders } from '../../domain/intelligence/widen-names.ts'
import type { Db } from '../db.ts'

/** Rows of one statement. */
const batchRows = 5000

/** Of these names those that stand in the loaded file, each with the one that leads it. */
export async function listAliasLeaders(db: Db, names: readonly string[]): Promise<AliasLeaders> {
  const wanted = [...new Set(names)]
  if (wanted.length === 0) return new Map()
  const found = await sql<{ name: string; leader: string }>`
    select name, leader from advisory_alias where name = any(${wanted}::text[])`.execute(db)
  return new Map(found.rows.map((row) => [row.name, row.leader]))
}

/** Puts the names of a file in the place of those that were loaded before. */
export async function replaceAliases(tx: Db, leaders: AliasLeaders): Promise<void> {
  await sql`delete from advisory_alias`.execute(tx)
  const rows = [...leaders].map(([name, leader]) => ({ name, leader }))
  for (let at = 0; at < rows.length; at += batchRows)
    await sql`
      insert into advisory_alias (name, leader)
      select r.name, r.leader from json_to_recordset(${JSON.stringify(rows.slice(at, at + batchRows))}::json)
        as r(name text, leader text)`.execute(tx)
}
