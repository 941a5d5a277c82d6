import * as z from 'zod'
import type { TrackerRoute } from '../../../contract/sync/tracker-routes.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { type Page, parsePageRequest, toPage } from '../../store/page.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import { findAsset } from '../../store/security/assets.ts'
import { forgetRefusedFields } from '../../store/sync/queue-field-pushes.ts'
import {
  deleteRoute,
  findRouteForUpdate,
  insertRoute,
  listRoutes,
  type RouteRow,
  updateRoute,
} from '../../store/sync/tracker-routes.ts'
import { findTracker, getTracker } from '../../trackers/registry.ts'
import type { Tracker } from '../../trackers/tracker.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { type JudgedSettings, judgeRouteSettings } from './judge-route-settings.ts'
import type { SyncDeps } from './sync-deps.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type CheckingDeps = Deps & Pick<SyncDeps, 'connectJira'>
type Key = { organizationId: string; id: string }
type Settings = Readonly<Record<string, unknown>>

export async function listTrackerRoutes(
  deps: { db: Db },
  input: { organizationId: string; query: { cursor?: string | undefined; limit?: number | undefined } },
): Promise<Page<TrackerRoute>> {
  const page = parsePageRequest(input.query)
  return toPage(await listRoutes(deps.db, { organizationId: input.organizationId, page }), page.limit, toTrackerRoute)
}

export type CreateTrackerRouteInput = {
  organizationId: string
  actor: AuditActor
  asset_id?: string | undefined
  branch?: string | undefined
  tracker: string
  connection_id?: string | undefined
  settings?: Settings | undefined
}

/** Throws `validation_failed`, or `conflict` when the asset, the branch or the organization has its route already. */
export async function createTrackerRoute(deps: CheckingDeps, input: CreateTrackerRouteInput): Promise<TrackerRoute> {
  const { organizationId } = input
  const tracker = getTracker(input.tracker)
  const connectionId = await requireConnection(deps.db, { organizationId, tracker, connectionId: input.connection_id })
  const settings = parseSettings(tracker, input.settings ?? {})
  // The remote is asked before anything is locked.
  const judged = await judgeRouteSettings(deps, { organizationId, tracker, connectionId, settings })
  return deps.db.transaction().execute((tx) => createInTransaction(deps, tx, { input, judged }))
}

async function createInTransaction(
  deps: Deps,
  tx: Db,
  { input, judged }: { input: CreateTrackerRouteInput; judged: JudgedSettings },
): Promise<TrackerRoute> {
  const { organizationId, actor, asset_id: assetId = null, branch = null } = input
  if (branch !== null && assetId === null)
    throw new AppError('validation_failed', 'branch: a route of a branch needs its asset.')
  if (assetId !== null && (await findAsset(tx, { organizationId, id: assetId })) === undefined)
    throw new AppError('validation_failed', 'asset_id: there is no such asset here.')
  const tracker = getTracker(input.tracker)
  const connectionId = await requireConnection(tx, { organizationId, tracker, connectionId: input.connection_id })
  const key = { organizationId, id: deps.newId() }
  const fields = { assetId, branch, tracker: tracker.name, connectionId, ...judged, now: deps.clock() }
  if (!(await insertRoute(tx, { ...key, ...fields })))
    throw new AppError('conflict', describeTaken({ assetId, branch }))
  const made = await getRoute(tx, key)
  const entry = { organizationId, actor, target: { kind: 'route', id: key.id } }
  await recordAudit(deps, tx, { ...entry, action: 'route.created', after: toAuditFields(made) })
  return made
}

export type UpdateTrackerRouteInput = Key & {
  actor: AuditActor
  tracker?: string | undefined
  connection_id?: string | null | undefined
  settings?: Settings | undefined
}

/** Another tracker begins with its own settings unless some are given. Throws `not_found`, `validation_failed`. */
export async function updateTrackerRoute(deps: CheckingDeps, input: UpdateTrackerRouteInput): Promise<TrackerRoute> {
  const { organizationId, id } = input
  const seen = await getRoute(deps.db, { organizationId, id })
  const wanted = await planUpdate(deps.db, seen, input)
  const judged = await judgeRouteSettings(deps, { organizationId, ...wanted })
  return deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, { input, seen, judged }))
}

type PlannedUpdate = { tracker: Tracker; connectionId: string | null; settings: unknown }

async function planUpdate(tx: Db, before: TrackerRoute, input: UpdateTrackerRouteInput): Promise<PlannedUpdate> {
  const { organizationId } = input
  const tracker = getTracker(input.tracker ?? before.tracker)
  const isSame = tracker.name === before.tracker
  const kept = isSame ? before.connection?.id : undefined
  const asked = input.connection_id === undefined ? kept : (input.connection_id ?? undefined)
  const connectionId = await requireConnection(tx, { organizationId, tracker, connectionId: asked })
  const settings = parseSettings(tracker, input.settings ?? (isSame ? before.settings : {}))
  return { tracker, connectionId, settings }
}

type Updating = { input: UpdateTrackerRouteInput; seen: TrackerRoute; judged: JudgedSettings }

async function updateInTransaction(deps: Deps, tx: Db, { input, seen, judged }: Updating): Promise<TrackerRoute> {
  const { organizationId, id, actor } = input
  const before = await getRoute(tx, { organizationId, id })
  if (before.updated_at !== seen.updated_at)
    throw new AppError('conflict', 'Somebody else changed this route in the same moment. Look at it again.')
  const { tracker, connectionId } = await planUpdate(tx, before, input)
  const change = { tracker: tracker.name, connectionId, ...judged, now: deps.clock() }
  await updateRoute(tx, { organizationId, id }, change)
  await forgetRefusedFields(tx, { organizationId, tracker: tracker.name })
  const after = await getRoute(tx, { organizationId, id })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'route.changed',
    target: { kind: 'route', id },
    before: toAuditFields(before),
    after: toAuditFields(after),
  })
  return after
}

/** What was sent by it stays where it is. Throws `not_found`. */
export async function deleteTrackerRoute(deps: Deps, input: Key & { actor: AuditActor }): Promise<void> {
  await deps.db.transaction().execute((tx) => deleteInTransaction(deps, tx, input))
}

async function deleteInTransaction(deps: Deps, tx: Db, input: Key & { actor: AuditActor }): Promise<void> {
  const { organizationId, id, actor } = input
  const before = await getRoute(tx, { organizationId, id })
  await deleteRoute(tx, { organizationId, id })
  const entry = { organizationId, actor, target: { kind: 'route', id } }
  await recordAudit(deps, tx, { ...entry, action: 'route.deleted', before: toAuditFields(before) })
}

async function requireConnection(
  tx: Db,
  input: { organizationId: string; tracker: Tracker; connectionId: string | undefined },
): Promise<string | null> {
  const { organizationId, tracker, connectionId } = input
  switch (tracker.connectionKind) {
    case 'bitbucket':
      if (connectionId === undefined) return null
      throw new AppError(
        'validation_failed',
        `connection_id: ${tracker.title} go through the connection of the asset's repository; leave it out.`,
      )
    case 'jira': {
      if (connectionId === undefined)
        throw new AppError('validation_failed', `connection_id: say which connection leads to ${tracker.title}.`)
      const connection = await findConnection(tx, { organizationId, connectionId })
      if (connection === undefined || connection.kind !== tracker.connectionKind)
        throw new AppError('validation_failed', `connection_id: there is no such connection with ${tracker.title}.`)
      if (connection.state === 'disconnected')
        throw new AppError('validation_failed', `connection_id: ${connection.name} is disconnected.`)
      return connection.id
    }
    default:
      return tracker satisfies never
  }
}

/** As the tracker's own schema reads them, with what it begins with where they are silent. */
function parseSettings({ settings: schema }: Tracker, given: Settings): unknown {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${['settings', ...path].join('.')}: ${message}`)
  throw new AppError('validation_failed', problems.join('. '))
}

async function getRoute(tx: Db, key: Key): Promise<TrackerRoute> {
  const row = await findRouteForUpdate(tx, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such route here.')
  return toTrackerRoute(row)
}

function describeTaken({ assetId, branch }: { assetId: string | null; branch: string | null }): string {
  if (assetId === null) return 'There is a default route already: change that one.'
  if (branch === null) return 'asset_id: this asset has a route already: change that one.'
  return `branch: ${branch} of this asset has a route already: change that one.`
}

/** `name`: what the audit log calls it, also when it is gone. */
function toAuditFields(route: TrackerRoute) {
  const place = route.asset === null ? 'Default' : route.asset.name
  return {
    name: `${place}${route.branch === null ? '' : `, ${route.branch}`} → ${route.tracker_title}`,
    tracker: route.tracker,
    connection: route.connection,
    settings: route.settings,
  }
}

function toTrackerRoute(row: RouteRow): TrackerRoute {
  return {
    id: row.id,
    asset: row.asset_id === null ? null : { id: row.asset_id, key: row.asset_key ?? '', name: row.asset_name ?? '' },
    branch: row.branch,
    tracker: row.tracker,
    tracker_title: findTracker(row.tracker)?.title ?? row.tracker,
    connection: row.connection_id === null ? null : { id: row.connection_id, name: row.connection_name ?? '' },
    settings: toSettings(row.settings),
    notes: z.array(z.string()).catch([]).parse(row.notes),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

function toSettings(stored: unknown): Record<string, unknown> {
  return typeof stored === 'object' && stored !== null ? { ...stored } : {}
}
