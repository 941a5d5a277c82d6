import type { MetricGoals } from '../../../../contract/delivery/goals.ts'
import { findGoal, type Goal } from '../../../domain/delivery/rate-by-goal.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Metric } from '../../../metrics/metric.ts'
import { metrics } from '../../../metrics/registry.ts'
import type { Db } from '../../../store/db.ts'
import { listGoals, putGoal } from '../../../store/delivery/goals.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { requireMetric } from '../metric-scope.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Key = { organizationId: string }

/** A figure's own goal: what holds where nobody set another. */
export function ownGoal({ goal: { target, amber } }: Metric): Goal | null {
  return target === null ? null : { target, amber: amber ?? null }
}

/** The goal of every figure that can have one, with all that were set. */
export async function listMetricGoals({ db, clock }: Omit<Deps, 'newId'>, key: Key): Promise<MetricGoals> {
  const byKey = Map.groupBy(await listGoals(db, key), (one) => one.key)
  // The range that ends with this moment.
  const to = new Date(clock().getTime() + 1)
  const today = clock().toISOString().slice(0, 10)
  const items = metrics.flatMap((metric) => {
    const { direction } = metric.goal
    if (direction === 'none') return []
    const set = byKey.get(metric.key) ?? []
    const inForce = findGoal(set, { to }, ownGoal(metric))
    const by = set.find(({ validFrom }) => validFrom <= today)
    return [
      {
        metric: metric.key,
        title: metric.title,
        unit: metric.unit,
        direction,
        target: inForce?.target ?? null,
        amber: inForce?.amber ?? null,
        valid_from: by?.validFrom ?? null,
        set_by: by?.memberName ?? null,
        set: set.map(({ validFrom, target, amber, memberName }) => {
          return { valid_from: validFrom, target, amber, set_by: memberName }
        }),
      },
    ]
  })
  return { items }
}

type Setting = {
  metric: string
  target: number | null
  amber: number | null
  valid_from?: string | undefined
  actor: AuditActor
}

/** Sets a goal from a day on. Throws `not_found` for no figure and `validation_failed` for bounds that make no sense. */
export async function setMetricGoal(
  deps: Deps,
  { organizationId, actor, ...input }: Key & Setting,
): Promise<MetricGoals> {
  const metric = requireMetric(input.metric)
  checkBounds(metric, input)
  const { target, amber } = input
  const validFrom = input.valid_from ?? deps.clock().toISOString().slice(0, 10)
  await deps.db.transaction().execute(async (tx) => {
    const before = (await listGoals(tx, { organizationId, key: metric.key })).find((one) => one.validFrom === validFrom)
    await putGoal(tx, {
      organization_id: organizationId,
      metric_key: metric.key,
      valid_from: validFrom,
      target,
      amber,
      member_name: actor.name,
      set_at: deps.clock(),
    })
    const after = { metric: metric.key, validFrom, target, amber }
    await recordAudit(deps, tx, { organizationId, actor, action: 'metric_goal.set', before: { ...before }, after })
  })
  return listMetricGoals(deps, { organizationId })
}

function refuse(words: string): never {
  throw new AppError('validation_failed', words)
}

function checkBounds({ title, unit, goal: { direction } }: Metric, { target, amber }: Omit<Setting, 'actor'>): void {
  if (direction === 'none') refuse(`metric: of “${title}” neither more nor less is better, so it has no goal.`)
  if (target === null && amber !== null) refuse('amber: there is none without a target.')
  if (unit === 'ratio' && [target, amber].some((bound) => bound !== null && bound > 1))
    refuse('target: a share is from 0 to 1.')
  if (target === null || amber === null) return
  const isBetter = direction === 'lower' ? amber < target : amber > target
  if (isBetter) refuse('amber: it is worse than the target, or nothing would ever be amber.')
}
