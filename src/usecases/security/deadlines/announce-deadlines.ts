import { type Crossing, listCrossings } from '../../../domain/sla/list-crossings.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  type CrossedRow,
  listTimedOrganizations,
  lockAnnouncements,
  markCrossed,
  takeCrossed,
} from '../../../store/security/crossings.ts'
import { forgetPlans } from '../../../store/security/imports.ts'
import { insertVulnerabilityEvents } from '../../../store/security/vulnerability-events.ts'
import { type Call, listChampions } from '../../../store/sync/calls.ts'
import type { Enqueue } from '../../../store/sync/jobs.ts'
import { sendByPolicies } from '../send-by-policies.ts'
import { callMembers, type Digested } from './call-members.ts'
import { openOrganizationDays, parseSla } from './sla-rules.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; enqueue: Enqueue }

/** Deadlines of one transaction. */
const batchRows = 2000
/** From so many rows on it pays to plan anew. */
const plannedFrom = 200
const system = { kind: 'system', name: 'Weir' } as const

/**
 * Tells of every deadline that came near or went by since the last look, once each: the history tells both, the assignee,
 * or else the champions, are called for the last. It may run as often and as late as it likes.
 */
export async function announceDeadlines(deps: Deps): Promise<void> {
  for (const { organizationId, settings } of await listTimedOrganizations(deps.db)) {
    const round = { organizationId, dayOf: openOrganizationDays(parseSla(settings)), digested: new Set<string>() }
    for (;;) {
      const told = await deps.db.transaction().execute((tx) => announceBatch(deps, tx, round))
      if (told < batchRows) break
    }
  }
}

type Round = { organizationId: string; dayOf: (at: Date) => string; digested: Digested }
type Crossed = { row: CrossedRow; crossings: Crossing[]; last: Crossing }

async function announceBatch(deps: Deps, tx: Db, { organizationId, dayOf, digested }: Round): Promise<number> {
  if (!(await lockAnnouncements(tx, organizationId))) return 0
  const now = deps.clock()
  const rows = await takeCrossed(tx, { organizationId, now, limit: batchRows })
  if (rows.length === 0) return 0
  if (rows.length >= plannedFrom) await forgetPlans(tx)
  const crossed = rows.flatMap(toCrossed)
  const idsOf = (kind: Crossing['kind']) => crossed.filter(({ last }) => last.kind === kind).map(({ row }) => row.id)
  await markCrossed(tx, { organizationId, ids: idsOf('approaching'), announced: 'approaching' })
  await markCrossed(tx, { organizationId, ids: idsOf('breached'), announced: 'breached' })
  const events = crossed.flatMap(({ row, crossings }) =>
    crossings.map(({ kind }) => ({
      id: deps.newId(),
      vulnerability_id: row.id,
      kind: 'deadline' as const,
      reason: `${row.days} days: due by ${dayOf(lastMoment(row))}`,
      before: null,
      after: { deadline: kind },
    })),
  )
  await insertVulnerabilityEvents(tx, { organizationId, actor: system, importId: null, now }, events)
  const champions = await listChampions(tx, organizationId)
  const calls = crossed.flatMap(({ row, last }): Call[] => {
    const subject = tell(last.kind, dayOf(lastMoment(row)))
    const called = row.assigneeId === null ? champions : [row.assigneeId]
    return called.map((memberId) => ({ memberId, vulnerabilityId: row.id, kind: `deadline_${last.kind}`, subject }))
  })
  await callMembers(deps, tx, { organizationId, calls, digested, now })
  const vulnerabilityIds = crossed.map(({ row }) => row.id)
  const candidates = { organizationId, vulnerabilityIds, because: 'deadline' } as const
  await sendByPolicies(deps, tx, { ...candidates, actor: system, lane: 'bulk' })
  return rows.length
}

function toCrossed(row: CrossedRow): Crossed[] {
  const { days, dueAt, approachesAt, isPaused } = row
  const state = row.isBreached ? 'breached' : 'approaching'
  const { crossings } = listCrossings(row.announced, { state, days, dueAt, approachesAt, isPaused })
  const last = crossings.at(-1)
  return last === undefined ? [] : [{ row, crossings, last }]
}

/** The last moment at which it is in time: a deadline by working days is a midnight, and belongs to the day before. */
const lastMoment = ({ dueAt }: CrossedRow) => new Date(dueAt.getTime() - 1)

function tell(kind: Crossing['kind'], day: string): string {
  return kind === 'approaching'
    ? `The deadline comes near: due by ${day}`
    : `The deadline has passed: it was due by ${day}`
}
