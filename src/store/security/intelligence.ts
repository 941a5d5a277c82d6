import { sql } from 'kysely'
import type { EpssScore } from '../../domain/intelligence/open-epss.ts'
import type { KnownExploited } from '../../domain/intelligence/parse-kev.ts'
import type { Db } from '../db.ts'
import { cvesOf } from './vulnerability-intelligence.ts'

/** The published files Weir takes in. */
export type IntelligenceKind = 'epss' | 'kev' | 'aliases'

/** The file that is loaded; days as 2027-03-01. */
export type IntelligenceLoad = {
  kind: IntelligenceKind
  version: string | null
  published_on: string | null
  sha256: string
  entries: number
  loaded_at: Date
  /** Null while not every vulnerability was told. */
  applied_at: Date | null
}

/** One loader at a time, of any kind: until its transaction ends the next one waits. */
export async function lockIntelligence(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('weir intelligence load', 0))`.execute(tx)
}

export async function findIntelligenceLoad(db: Db, kind: IntelligenceKind): Promise<IntelligenceLoad | undefined> {
  return db.selectFrom('intelligence_load').selectAll().where('kind', '=', kind).executeTakeFirst()
}

export async function listIntelligenceLoads(db: Db): Promise<IntelligenceLoad[]> {
  return db.selectFrom('intelligence_load').selectAll().orderBy('kind').execute()
}

/** Notes what was loaded, in place of the file before; nothing was told to vulnerabilities yet. */
export async function writeIntelligenceLoad(tx: Db, load: Omit<IntelligenceLoad, 'applied_at'>): Promise<void> {
  const row = { ...load, applied_at: null }
  await tx
    .insertInto('intelligence_load')
    .values(row)
    .onConflict((conflict) => conflict.column('kind').doUpdateSet(row))
    .execute()
}

/** Unless another file came meanwhile, whose loader will say so itself. */
export async function markIntelligenceApplied(
  db: Db,
  { kind, sha256, now }: { kind: IntelligenceKind; sha256: string; now: Date },
): Promise<void> {
  await db
    .updateTable('intelligence_load')
    .set({ applied_at: now })
    .where('kind', '=', kind)
    .where('sha256', '=', sha256)
    .execute()
}

export async function clearEpssScores(tx: Db): Promise<void> {
  await sql`delete from epss_score`.execute(tx)
}

/** A batch as three lists: PostgreSQL reads them faster than anything else but its own copy format. */
export async function insertEpssScores(tx: Db, scores: readonly EpssScore[]): Promise<void> {
  await sql`
    insert into epss_score (cve, probability, percentile)
    select * from unnest(${scores.map(({ cve }) => cve)}::text[], ${scores.map(({ probability }) => probability)}::real[],
      ${scores.map(({ percentile }) => percentile)}::real[])`.execute(tx)
}

/** After a table was filled anew; its statistics decide how imports read it. */
export async function analyzeEpssScores(tx: Db): Promise<void> {
  await sql`analyze epss_score`.execute(tx)
}

export async function replaceKnownExploited(tx: Db, entries: readonly KnownExploited[]): Promise<void> {
  await sql`delete from known_exploited`.execute(tx)
  await sql`
    insert into known_exploited (cve, added_on, due_on, is_used_by_ransomware)
    select * from unnest(${entries.map(({ cve }) => cve)}::text[], ${entries.map(({ addedOn }) => addedOn)}::date[],
      ${entries.map(({ dueOn }) => dueOn)}::date[], ${entries.map((entry) => entry.isUsedByRansomware)}::boolean[])`.execute(
    tx,
  )
  await sql`analyze known_exploited`.execute(tx)
}

/** What the catalogue says of the advisories that have these names, the one that is due first in front. */
export async function listKnownExploited(db: Db, names: readonly string[]): Promise<KnownExploited[]> {
  const found = await sql<KnownExploited>`
    select k.cve, k.added_on as "addedOn", k.due_on as "dueOn", k.is_used_by_ransomware as "isUsedByRansomware"
    from (${cvesOf(sql`${[...names]}::text[]`)}) c join known_exploited k on k.cve = c.cve
    order by k.due_on, k.cve`.execute(db)
  return found.rows
}

export async function listOrganizationIds(db: Db): Promise<string[]> {
  const found = await db.selectFrom('organization').select('organization_id').orderBy('organization_id').execute()
  return found.map((row) => row.organization_id)
}
