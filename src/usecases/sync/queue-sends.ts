import type { Actor } from '../../domain/actor.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { insertDefects, listLiveDefects, type NewDefect } from '../../store/sync/defects.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertOperations, type OperationLane } from '../../store/sync/operations.ts'
import { listRoutesFor, listSendable, type Sendable } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { hasIssueTracker, refuseSend, sentAlready } from './refuse-send.ts'
import { routeFor } from './route-for.ts'

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

/** Queues one item for each vulnerability, in the caller's transaction. One that has a live item is never sent twice. */
export async function queueSends(deps: Deps, tx: Db, input: QueueSendsInput): Promise<QueueSendsOutcome> {
  const now = deps.clock()
  const { plans, skipped } = await planSends(deps, tx, { ...input, now })
  await writePlans(deps, tx, { plans, input, now })
  return {
    queued: plans.map(({ defect }) => ({ vulnerabilityId: defect.vulnerabilityId, defectId: defect.id })),
    skipped,
  }
}

/** What queueing would do now, without doing it; the rows are locked until the caller's transaction ends. */
export async function planSends(
  deps: Pick<Deps, 'newId'>,
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
  const plans: Plan[] = []
  for (const row of sendable) {
    const route = routeFor(routes, { assetId: row.asset_id, branch: row.branch })
    const tracker = input.tracker ?? route?.tracker ?? defaultTracker(row)
    const same = live.get(row.id)?.find((defect) => input.tracker === undefined || defect.tracker === tracker)
    const reason = same === undefined ? refuseSend(row, tracker) : sentAlready
    if (reason !== undefined || row.repository_id === null || row.connection_id === null || row.remote_uuid === null) {
      const defectId = same === undefined ? {} : { defectId: same.id }
      skipped.push({ vulnerabilityId: row.id, reason: reason ?? 'Its asset has no repository.', ...defectId })
      continue
    }
    plans.push({
      settings: route?.tracker === tracker ? route.settings : {},
      defect: {
        organizationId,
        id: deps.newId(),
        vulnerabilityId: row.id,
        tracker,
        connectionId: row.connection_id,
        repositoryId: row.repository_id,
        containerId: row.remote_uuid,
        now,
      },
    })
  }
  return { plans, skipped }
}

function defaultTracker(row: Sendable): string {
  return hasIssueTracker(row) ? 'bitbucket-issues' : 'bitbucket-discussions'
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
