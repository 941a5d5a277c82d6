import { sql } from 'kysely'
import * as z from 'zod'
import type { Severity } from '../../domain/severity.ts'
import type { Db } from '../db.ts'

type Key = { organizationId: string; assetId: string }

const points = z.number().nonnegative()
const storedContributions = z.array(z.object({ label: z.string(), points }))
const storedHeaviest = z.array(z.object({ id: z.uuid(), points }))

/** The score of an asset as it was worked out last; undefined before the first time. */
export async function findAssetScore(db: Db, { organizationId, assetId }: Key) {
  const row = await db
    .selectFrom('asset_score')
    .selectAll()
    .where('organization_id', '=', organizationId)
    .where('asset_id', '=', assetId)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    version: row.version,
    score: row.score,
    open: row.open,
    scoredAt: row.scored_at,
    contributions: storedContributions.parse(row.contributions),
    heaviest: storedHeaviest.parse(row.heaviest),
  }
}

/** Whether something changed since the score was worked out. */
export async function isToScore(db: Db, { organizationId, assetId }: Partial<Key> & { organizationId: string }) {
  let marks = db.selectFrom('asset_to_score').select('id').where('organization_id', '=', organizationId)
  if (assetId !== undefined) marks = marks.where('asset_id', '=', assetId)
  return (await marks.limit(1).executeTakeFirst()) !== undefined
}

export type NamedVulnerability = { id: string; number: number; title: string; severity: Severity }

export async function listNamedVulnerabilities(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<NamedVulnerability[]> {
  if (ids.length === 0) return []
  return db
    .selectFrom('vulnerability')
    .select(['id', 'number', 'title', 'severity'])
    .where('organization_id', '=', organizationId)
    .where('id', '=', sql<string>`any(${[...ids]}::uuid[])`)
    .execute()
}

export type ScoreDay = { day: string; score: number | null; open: number }

/** Of one version of the formula: others are not compared. Oldest first. */
export async function listAssetDays(db: Db, input: Key & { version: number; from: string }): Promise<ScoreDay[]> {
  const found = await sql<ScoreDay>`
    select day::text, score, open from asset_score_day
    where organization_id = ${input.organizationId}::uuid and asset_id = ${input.assetId}::uuid
      and version = ${input.version} and day >= ${input.from}::date order by day`.execute(db)
  return found.rows
}

export async function listOrganizationDays(
  db: Db,
  input: { organizationId: string; version: number; from: string },
): Promise<ScoreDay[]> {
  const found = await sql<ScoreDay>`
    select day::text, score, open from organization_score_day
    where organization_id = ${input.organizationId}::uuid and version = ${input.version} and day >= ${input.from}::date
    order by day`.execute(db)
  return found.rows
}
