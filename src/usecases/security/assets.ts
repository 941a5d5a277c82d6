import type { Asset } from '../../../contract/security/assets.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import type { Page } from '../../store/page.ts'
import { type AssetPosition, type AssetSort, findAssetView, listAssetViews } from '../../store/security/asset-views.ts'
import { findAssetOfRepository, insertAsset, updateAsset as updateAssetRow } from '../../store/security/assets.ts'
import { lockImportTarget } from '../../store/security/imports.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { requestDeadlines } from './deadlines/walk-deadlines.ts'
import { getGateSettings, judgeAsset } from './risk/gate-settings.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Settings = Partial<
  Pick<Asset, 'name' | 'default_branch' | 'business_impact' | 'exposure' | 'data_classes' | 'tags'>
>
type Given<Fields> = { [Name in keyof Fields]?: Fields[Name] | undefined }
export type AssetListQuery = {
  cursor?: string | undefined
  limit?: number | undefined
  q?: string | undefined
  tag?: readonly string[] | undefined
  archived?: boolean | undefined
  sort?: AssetSort | undefined
}

const defaultLimit = 50

/** Assets by name or by risk score. Throws `validation_failed` at a foreign cursor. */
export async function listAssets(
  deps: { db: Db; clock: Clock },
  input: { organizationId: string; query: AssetListQuery },
): Promise<Page<Asset>> {
  const { cursor, limit = defaultLimit, q, tag: tags, archived, sort = 'name' } = input.query
  const after = cursor === undefined ? null : parseCursor(cursor, sort)
  const settings = await getGateSettings(deps, input)
  const rows = await listAssetViews(deps.db, {
    organizationId: input.organizationId,
    q,
    tags,
    archived,
    sort,
    after,
    limit: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const last = rows.length > limit ? shown.at(-1) : undefined
  const items = shown.map(({ asset, gate }) => ({ ...asset, gate: judgeAsset(gate, settings, deps.clock()) }))
  return { items, next: last === undefined ? null : toCursor(last.position) }
}

export async function getAsset(
  deps: { db: Db; clock: Clock },
  key: { organizationId: string; id: string },
): Promise<Asset> {
  const found = await findAssetView(deps.db, key)
  if (found === undefined) throw new AppError('not_found', 'There is no such asset here.')
  const settings = await getGateSettings(deps, key)
  return { ...found.asset, gate: judgeAsset(found.gate, settings, deps.clock()) }
}

export type CreateAssetInput = Given<Settings> & {
  organizationId: string
  actor: AuditActor
  key: string
  name: string
}

/** An asset without a repository. Throws `conflict` when the key is taken. */
export async function createAsset(deps: Deps, input: CreateAssetInput): Promise<Asset> {
  const { organizationId } = input
  const id = deps.newId()
  await deps.db.transaction().execute((tx) => createInTransaction(deps, tx, { ...input, id }))
  return getAsset(deps, { organizationId, id })
}

async function createInTransaction(deps: Deps, tx: Db, input: CreateAssetInput & { id: string }): Promise<void> {
  const { organizationId, id, key, name, actor } = input
  const isMade = await insertAsset(tx, {
    organizationId,
    id,
    key,
    name,
    defaultBranch: input.default_branch ?? 'main',
    ...toColumns(input),
    now: deps.clock(),
  })
  if (!isMade) throw new AppError('conflict', `key: there is an asset "${key}" already. Choose another key.`)
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'asset.created',
    target: { kind: 'asset', id },
    after: { key, name },
  })
}

export type UpdateAssetInput = Given<Settings> & {
  organizationId: string
  actor: AuditActor
  id: string
  archived?: boolean | undefined
}

/** Changes an asset, archives it or brings it back. Throws `not_found`, or `conflict` when its repository has another asset by now. */
export async function updateAsset(deps: Deps & { enqueue: Enqueue }, input: UpdateAssetInput): Promise<Asset> {
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
  return getAsset(deps, input)
}

async function updateInTransaction(deps: Deps & { enqueue: Enqueue }, tx: Db, input: UpdateAssetInput): Promise<void> {
  const { organizationId, id, actor, archived, ...settings } = input
  const before = await getAsset({ ...deps, db: tx }, { organizationId, id })
  const now = deps.clock()
  const archivedAt =
    archived === undefined || archived === (before.archived_at !== null) ? undefined : archived ? now : null
  if (archivedAt === null && before.repository !== null) await requireOnlyAsset(tx, organizationId, before)
  const change = {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.default_branch !== undefined && { defaultBranch: input.default_branch }),
    ...toColumns(input),
    ...(archivedAt !== undefined && { archivedAt }),
    now,
  }
  await awaitImports(tx, { organizationId, before, next: input.default_branch })
  await updateAssetRow(tx, { organizationId, id }, change)
  if (input.business_impact !== undefined && input.business_impact !== before.business_impact)
    await requestDeadlines(deps, tx, { organizationId, assetId: id, now })
  const after = { ...settings, ...(archived !== undefined && { archived }) }
  await recordAudit(deps, tx, { organizationId, actor, action: 'asset.changed', target: { kind: 'asset', id }, after })
}

type NextBranch = { organizationId: string; before: Asset; next: string | undefined }

/** What an import under way brings is told apart by the default branch it found: those of the two branches end first. */
async function awaitImports(tx: Db, { organizationId, before, next }: NextBranch): Promise<void> {
  if (next === undefined || next === before.default_branch) return
  for (const branch of [before.default_branch, next].toSorted())
    await lockImportTarget(tx, { organizationId, assetId: before.id, branch })
}

async function requireOnlyAsset(tx: Db, organizationId: string, asset: Asset): Promise<void> {
  const others = await findAssetOfRepository(tx, { organizationId, repositoryId: asset.repository?.id ?? '' })
  if (others === undefined) return
  throw new AppError(
    'conflict',
    `The repository ${asset.repository?.full_name} has the asset ${others.key} now. Archive that one first.`,
  )
}

function toColumns(input: Given<Settings>) {
  return {
    businessImpact: input.business_impact,
    exposure: input.exposure,
    dataClasses: input.data_classes,
    tags: input.tags,
  }
}

function toCursor({ value, id }: AssetPosition): string {
  return Buffer.from(JSON.stringify([value, id])).toString('base64url')
}

function parseCursor(cursor: string, sort: AssetSort): AssetPosition {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(parsed)) {
      const [value, id]: unknown[] = parsed
      if (
        typeof value === 'string' &&
        (sort === 'name' ? !value.includes('\0') : /^-?\d+(\.\d+)?(e-\d+)?$/.test(value)) &&
        typeof id === 'string' &&
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
      )
        return { value, id }
    }
  } catch {
    // Falls through to the one sentence below: whatever it was, no answer of ours gave it.
  }
  throw new AppError('validation_failed', 'cursor: take it from `next` of the page before.')
}
