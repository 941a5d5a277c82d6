import {
  type AcceptanceVerdict,
  acceptanceReminderDays,
  judgeAcceptance,
} from '../../../domain/sla/judge-acceptance.ts'
import type { Db } from '../../../store/db.ts'
import {
  type AcceptedRow,
  listAcceptingOrganizations,
  lockAnnouncements,
  markAcceptance,
  takeAccepted,
} from '../../../store/security/crossings.ts'
import { forgetPlans } from '../../../store/security/imports.ts'
import { type Call, listActive, listChampions } from '../../../store/sync/calls.ts'
import { applyMoves, type MoveDeps } from '../vulnerabilities/apply-move.ts'
import { callMembers, type Digested } from './call-members.ts'
import { openOrganizationDays, parseSla } from './sla-rules.ts'

type Deps = MoveDeps & { db: Db }

/** Acceptances of one transaction. */
const batchRows = 1000
/** From so many rows on it pays to plan anew. */
const plannedFrom = 200
const dayMs = 24 * 3600_000
const system = { kind: 'system', name: 'Weir' } as const

/**
 * Reminds a week before accepted risks are to be looked at again and on the day itself, and takes them up again after it;
 * by the dates of the organization. It may run as often and as late as it likes.
 */
export async function announceAcceptances(deps: Deps): Promise<void> {
  // Somewhere it is tomorrow already.
  const until = new Date(deps.clock().getTime() + (acceptanceReminderDays + 1) * dayMs).toISOString().slice(0, 10)
  for (const { organizationId, settings } of await listAcceptingOrganizations(deps.db, until)) {
    const round = { organizationId, dayOf: openOrganizationDays(parseSla(settings)), digested: new Set<string>() }
    for (;;) {
      const told = await deps.db.transaction().execute((tx) => announceBatch(deps, tx, round))
      if (told < batchRows) break
    }
  }
}

type Round = { organizationId: string; dayOf: (at: Date) => string; digested: Digested }
type Judged = { row: AcceptedRow; verdict: Exclude<AcceptanceVerdict, 'nothing'> }

async function announceBatch(deps: Deps, tx: Db, { organizationId, dayOf, digested }: Round): Promise<number> {
  if (!(await lockAnnouncements(tx, organizationId))) return 0
  const now = deps.clock()
  const today = dayOf(now)
  const taken = { organizationId, today, reminderDays: acceptanceReminderDays, limit: batchRows }
  const rows = await takeAccepted(tx, taken)
  if (rows.length === 0) return 0
  if (rows.length >= plannedFrom) await forgetPlans(tx)
  const judged = rows.flatMap((row): Judged[] => {
    const verdict = judgeAcceptance({ ...row, today })
    return verdict === 'nothing' ? [] : [{ row, verdict }]
  })
  const idsOf = (wanted: AcceptanceVerdict) =>
    judged.filter(({ verdict }) => verdict === wanted).map(({ row }) => row.id)
  await markAcceptance(tx, { organizationId, ids: idsOf('remind_week'), announced: 'week' })
  await markAcceptance(tx, { organizationId, ids: idsOf('remind_day'), announced: 'day' })
  await reopen(deps, tx, {
    organizationId,
    rows: judged.filter(({ verdict }) => verdict === 'reopen').map(({ row }) => row),
  })
  const calls = await listCalls(tx, organizationId, judged)
  await callMembers(deps, tx, { organizationId, calls, digested, now })
  return rows.length
}

async function reopen(
  deps: Deps,
  tx: Db,
  { organizationId, rows }: { organizationId: string; rows: readonly AcceptedRow[] },
): Promise<void> {
  if (rows.length === 0) return
  const moves = rows.map(({ id: vulnerabilityId, acceptedUntil }) => {
    return { vulnerabilityId, to: 'identified' as const, reason: `The risk was accepted until ${acceptedUntil}` }
  })
  await applyMoves(deps, tx, { organizationId, moves, actor: system, moveActor: 'system' })
}

/** The assignee, who accepted it, and champions and admins. */
async function listCalls(tx: Db, organizationId: string, judged: readonly Judged[]): Promise<Call[]> {
  const champions = await listChampions(tx, organizationId)
  const accepters = [...new Set(judged.flatMap(({ row }) => row.acceptedBy ?? []))]
  const active = await listActive(tx, organizationId, accepters)
  return judged.flatMap(({ row, verdict }) => {
    const accepter = row.acceptedBy !== null && active.has(row.acceptedBy) ? [row.acceptedBy] : []
    const assignee = row.assigneeId === null ? [] : [row.assigneeId]
    const call = { vulnerabilityId: row.id, ...tell(verdict, row.acceptedUntil) }
    return [...new Set([...assignee, ...accepter, ...champions])].map((memberId) => ({ memberId, ...call }))
  })
}

function tell(verdict: Judged['verdict'], day: string): Pick<Call, 'kind' | 'subject'> {
  switch (verdict) {
    case 'remind_week':
      return { kind: 'acceptance_ending', subject: `Look at the accepted risk again by ${day}` }
    case 'remind_day':
      return { kind: 'acceptance_due', subject: `Look at the accepted risk again today, ${day}` }
    case 'reopen':
      return { kind: 'acceptance_ended', subject: `The risk was accepted until ${day}; it is open again` }
    default:
      return verdict satisfies never
  }
}
