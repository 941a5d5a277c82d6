import { type Selectable, sql } from 'kysely'
import type { Db } from '../db.ts'
import type { AssetTable } from '../schema.gen.ts'

export type AssetRow = Selectable<AssetTable>

export type NewAsset = {
  organizationId: string
  id: string
  key: string
  name: string
  defaultBranch: string
  businessImpact?: AssetRow['business_impact'] | undefined
  exposure?: AssetRow['exposure'] | undefined
  dataClasses?: readonly string[] | undefined
  tags?: readonly string[] | undefined
  now: Date
}

export type AssetChange = Partial<Omit<NewAsset, 'organizationId' | 'id' | 'key' | 'now'>> & {
  archivedAt?: Date | null
  now: Date
}

export async function findAsset(db: Db, key: { organizationId: string; id: string }): Promise<AssetRow | undefined> {
  return db
    .selectFrom('asset')
    .selectAll()
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
}

export async function findAssetByKey(
  db: Db,
  where: { organizationId: string; key: string },
): Promise<AssetRow | undefined> {
  return db
    .selectFrom('asset')
    .selectAll()
    .where('organization_id', '=', where.organizationId)
    .where('key', '=', where.key)
    .executeTakeFirst()
}

/** The living asset of a repository. */
export async function findAssetOfRepository(
  db: Db,
  where: { organizationId: string; repositoryId: string },
): Promise<AssetRow | undefined> {
  return db
    .selectFrom('asset')
    .selectAll()
    .where('organization_id', '=', where.organizationId)
    .where('repository_id', '=', where.repositoryId)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
}

/** Keys of living assets, to tell somebody who mistyped one. */
export async function listAssetKeys(db: Db, organizationId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('asset')
    .select('key')
    .where('organization_id', '=', organizationId)
    .where('archived_at', 'is', null)
    .orderBy('key')
    .limit(5000)
    .execute()
  return rows.map((row) => row.key)
}

/** Answers false when the key is taken. */
export async function insertAsset(tx: Db, asset: NewAsset): Promise<boolean> {
  const row = await tx
    .insertInto('asset')
    .values({
      organization_id: asset.organizationId,
      id: asset.id,
      key: asset.key,
      name: asset.name,
      default_branch: asset.defaultBranch,
      ...(asset.businessImpact !== undefined && { business_impact: asset.businessImpact }),
      ...(asset.exposure !== undefined && { exposure: asset.exposure }),
      ...(asset.dataClasses !== undefined && { data_classes: [...asset.dataClasses] }),
      ...(asset.tags !== undefined && { tags: [...asset.tags] }),
      created_at: asset.now,
      updated_at: asset.now,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'key']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Answers false when there is no such asset. */
export async function updateAsset(
  tx: Db,
  key: { organizationId: string; id: string },
  change: AssetChange,
): Promise<boolean> {
  const result = await tx
    .updateTable('asset')
    .set({
      updated_at: change.now,
      ...(change.name !== undefined && { name: change.name }),
      ...(change.defaultBranch !== undefined && { default_branch: change.defaultBranch }),
      ...(change.businessImpact !== undefined && { business_impact: change.businessImpact }),
      ...(change.exposure !== undefined && { exposure: change.exposure }),
      ...(change.dataClasses !== undefined && { data_classes: [...change.dataClasses] }),
      ...(change.tags !== undefined && { tags: [...change.tags] }),
      ...(change.archivedAt !== undefined && { archived_at: change.archivedAt }),
    })
    .where('organization_id', '=', key.organizationId)
    .where('id', '=', key.id)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

export type RepositoryForAsset = {
  assetId: string
  repositoryId: string
  slug: string
  name: string
  mainBranch: string | null
}

/**
 * Makes an asset for each repository that has none yet; safe to repeat and to run twice at once. Keys come from slugs, a
 * number behind them where one is taken. Answers the asset of every repository given.
 */
export async function ensureAssetsForRepositories(
  tx: Db,
  input: { organizationId: string; repositories: readonly RepositoryForAsset[]; now: Date },
): Promise<{ assetId: string; repositoryId: string; key: string }[]> {
  const { organizationId, repositories, now } = input
  if (repositories.length === 0) return []
  await sql`select pg_advisory_xact_lock(hashtextextended(${`weir assets ${organizationId}`}, 0))`.execute(tx)
  const ids = repositories.map((repository) => repository.repositoryId)
  const known = await listAssetsOfRepositories(tx, organizationId, ids)
  const withAsset = new Set(known.map((row) => row.repositoryId))
  const missing = repositories.filter((repository) => !withAsset.has(repository.repositoryId))
  if (missing.length === 0) return known
  const bases = missing.map((repository) => toAssetKey(repository.slug))
  const taken = await listTakenKeys(tx, organizationId, bases)
  const rows = missing.map((repository, index) => ({
    organization_id: organizationId,
    id: repository.assetId,
    key: chooseKey(bases[index] ?? 'repository', taken),
    name: repository.name || repository.slug,
    repository_id: repository.repositoryId,
    default_branch: repository.mainBranch ?? 'main',
    created_at: now,
    updated_at: now,
  }))
  // A statement holds at most 65,535 parameters.
  for (let at = 0; at < rows.length; at += 1000)
    await tx
      .insertInto('asset')
      .values(rows.slice(at, at + 1000))
      .execute()
  return [...known, ...rows.map((row) => ({ assetId: row.id, repositoryId: row.repository_id, key: row.key }))]
}

async function listAssetsOfRepositories(tx: Db, organizationId: string, repositoryIds: readonly string[]) {
  const found = await sql<{ assetId: string; repositoryId: string; key: string }>`
    select id as "assetId", repository_id as "repositoryId", key from asset
    where organization_id = ${organizationId}::uuid and archived_at is null and repository_id = any(${[...repositoryIds]}::uuid[])`.execute(
    tx,
  )
  return found.rows
}

async function listTakenKeys(tx: Db, organizationId: string, bases: readonly string[]): Promise<Set<string>> {
  const found = await sql<{ key: string }>`
    select key from asset where organization_id = ${organizationId}::uuid
      and regexp_replace(key, '-[0-9]+$', '') = any(${bases.flatMap((base) => [base, base.replace(/-\d+$/, '')])}::text[])`.execute(
    tx,
  )
  return new Set(found.rows.map((row) => row.key))
}

/** A slug as an asset key: lower case letters, digits, dot, dash and underscore, at most 90 characters. */
function toAssetKey(slug: string): string {
  const key = slug
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 90)
  return key === '' ? 'repository' : key
}

function chooseKey(base: string, taken: Set<string>): string {
  let key = base
  for (let number = 2; taken.has(key); number++) key = `${base}-${number}`
  taken.add(key)
  return key
}

/** How many of these ids are assets of the organization. */
export async function countAssets(db: Db, input: { organizationId: string; ids: readonly string[] }): Promise<number> {
  if (input.ids.length === 0) return 0
  const found = await sql<{ count: number }>`
    select count(*) from asset where organization_id = ${input.organizationId}::uuid and id = any(${[...input.ids]}::uuid[])`.execute(
    db,
  )
  return found.rows[0]?.count ?? 0
}

/** Names of those of these ids that are assets of the organization. */
export async function listAssetNames(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const found = await sql<{ id: string; name: string }>`
    select id, name from asset where organization_id = ${organizationId}::uuid and id = any(${[...ids]}::uuid[])`.execute(
    db,
  )
  return new Map(found.rows.map(({ id, name }) => [id, name]))
}
