import type { Actor } from '../../domain/actor.ts'
import { defectIdOf } from '../../domain/sending/defect-id.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { insertDefects, listLiveDefects, type NewDefect } from '../../store/sync/defects.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { listKnownDefectIds } from '../../store/sync/known-defect-ids.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertOperations, type OperationLane } from '../../store/sync/operations.ts'
import { listRoutesFor, listSendable, type Sendable } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { getTracker } from '../../trackers/registry.ts'
import { chooseTracker, type TrackerChoice } from './choose-tracker.ts'
import { refuseSend, sentAlready } from './refuse-send.ts'

export type QueueSendsInput = {
  organizationId: string
  vulnerabilityIds: readonly string[]
  /** Left out: the tracker of the route, else what the repository has. */
  tracker?: string
  actor: Actor
  lane: OperationLane
}

export type QueueSendsOutcome = {
  queued: { vulnerabilityId: string; defectId: string }[]
  /** `defectId`: the live item it has already. */
  skipped: { vulnerabilityId: string; reason: string; defectId?: string }[]
}

type Deps = { newId: NewId; clock: Clock; enqueue: Enqueue }
/** Open pages hear of this many vulnerabilities one by one; whoever sends more looks at a list. */
const announcedAtMost = 200

type Plan = { defect: NewDefect; settings: unknown }
type Place = { defect: Omit<NewDefect, 'id'>; settings: unknown }

/** Queues one item for each vulnerability, in the caller's transaction. One that has a live item is never sent twice. */
export async function queueSends(deps: Deps, tx: Db, input: QueueSendsInput): Promise<QueueSendsOutcome> {
  const now = deps.clock()
  const { plans, skipped } = await planSends(tx, { ...input, now })
  await writePlans(deps, tx, { plans, input, now })
  return {
    queued: plans.map(({ defect }) => ({ vulnerabilityId: defect.vulnerabilityId, defectId: defect.id })),
    skipped,
  }
}

/** What queueing would do now, without doing it; the rows are locked until the caller's transaction ends. */
export async function planSends(
  tx: Db,
  input: Pick<QueueSendsInput, 'organizationId' | 'vulnerabilityIds' | 'tracker'> & { now: Date },
): Promise<{ plans: Plan[]; skipped: QueueSendsOutcome['skipped'] }> {
  const { organizationId, now } = input
  const sendable = await listSendable(tx, input)
  const routes = await listRoutesFor(tx, { organizationId, assetIds: sendable.map((row) => row.asset_id) })
  const live = Map.groupBy(await listLiveDefects(tx, input), (defect) => defect.vulnerability_id)
  const known = new Set(sendable.map((row) => row.id))
  const skipped: QueueSendsOutcome['skipped'] = input.vulnerabilityIds
    .filter((id) => !known.has(id))
    .map((vulnerabilityId) => ({ vulnerabilityId, reason: 'There is no such vulnerability.' }))
  const places: Place[] = []
  for (const row of sendable) {
    const items = live.get(row.id) ?? []
    const { tracker, route } = chooseTracker(row, { routes, tracker: input.tracker })
    const same = items.find((defect) => input.tracker === undefined || defect.tracker === tracker)
    const reason = same === undefined ? refuseSend(row, { tracker, route }) : sentAlready
    const place = reason === undefined ? placeOf(row, { tracker, route }) : undefined
    if (place === undefined) {
      const defectId = same === undefined ? {} : { defectId: same.id }
      skipped.push({ vulnerabilityId: row.id, reason: reason ?? 'Its asset has no repository.', ...defectId })
      continue
    }
    places.push({
      settings: route?.settings ?? {},
      defect: { organizationId, vulnerabilityId: row.id, tracker, ...place, now },
    })
  }
  return { plans: await giveIds(tx, { organizationId, places }), skipped }
}

/** The first id of each that no item of before has: the same again in a database restored from before it was given. */
async function giveIds(
  tx: Db,
  { organizationId, places }: { organizationId: string; places: readonly Place[] },
): Promise<Plan[]> {
  const given: Plan[] = []
  let left = places
  for (let nth = 0; left.length > 0; nth++) {
    const tried = left.map(({ defect, settings }) => ({
      defect: { ...defect, id: defectIdOf({ ...defect, nth }) },
      settings,
    }))
    const known = await listKnownDefectIds(tx, { organizationId, ids: tried.map(({ defect }) => defect.id) })
    given.push(...tried.filter(({ defect }) => !known.has(defect.id)))
    left = tried.filter(({ defect }) => known.has(defect.id))
  }
  return given
}

type ItemHome = Pick<NewDefect, 'connectionId' | 'repositoryId' | 'containerId'>

function placeOf(row: Sendable, { tracker, route }: TrackerChoice): ItemHome | undefined {
  const { connectionKind } = getTracker(tracker)
  switch (connectionKind) {
    case 'bitbucket':
      if (row.repository_id === null || row.connection_id === null || row.remote_uuid === null) return undefined
      return { connectionId: row.connection_id, repositoryId: row.repository_id, containerId: row.remote_uuid }
    case 'jira':
      if (route === undefined || route.connection_id === null || route.container_id === null) return undefined
      return { connectionId: route.connection_id, repositoryId: null, containerId: route.container_id }
    default:
      return connectionKind satisfies never
  }
}

async function writePlans(
  deps: Deps,
  tx: Db,
  { plans, input, now }: { plans: readonly Plan[]; input: QueueSendsInput; now: Date },
): Promise<void> {
  const { organizationId, lane, actor } = input
  // The vulnerability rows are locked, so nothing can have come between the look and this.
  await insertDefects(
    tx,
    plans.map(({ defect }) => defect),
  )
  await insertOperations(
    tx,
    plans.map(({ defect, settings }) => ({
      organizationId,
      id: deps.newId(),
      kind: 'create_defect' as const,
      key: `create_defect:${defect.id}`,
      lane,
      vulnerabilityId: defect.vulnerabilityId,
      defectId: defect.id,
      messageId: null,
      connectionId: defect.connectionId,
      payload: { settings, targets: [] },
      now,
    })),
  )
  const entries = plans.map(({ defect }) => ({
    vulnerabilityId: defect.vulnerabilityId,
    kind: 'sent' as const,
    actor,
    after: { tracker: defect.tracker },
    defectId: defect.id,
  }))
  await recordTimeline(deps, tx, { organizationId, now, entries })
  await deps.enqueue(
    tx,
    plans.map(({ defect }) => ({ name: 'push-defect', data: { organizationId, defectId: defect.id }, lane })),
  )
  await announce(tx, organizationId, [
    ...plans
      .slice(0, announcedAtMost)
      .map(({ defect }) => ({ kind: 'vulnerability' as const, vulnerability_id: defect.vulnerabilityId })),
    ...(plans.length === 0 ? [] : [{ kind: 'delivery' as const }]),
  ])
}
