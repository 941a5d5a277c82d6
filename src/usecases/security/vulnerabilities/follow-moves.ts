import { isTracked, type Status } from '../../../domain/status.ts'
import type { Db } from '../../../store/db.ts'
import { findSla } from '../../../store/security/deadlines.ts'
import { settleCalls } from '../../../store/sync/notifications.ts'
import { setDeadlines } from '../deadlines/set-deadlines.ts'
import { openOrganizationDays, parseSla } from '../deadlines/sla-rules.ts'

/** A status that changed, as much as deadlines and calls depend on it. */
export type ChangedStatus = { vulnerabilityId: string; from: Status; to: Status }
type Changes = { organizationId: string; changed: readonly ChangedStatus[]; now: Date }

/** A call to look at a status is about the status before. */
const aboutStatus = [
  'awaiting_validation',
  'reopened',
  'acceptance_ending',
  'acceptance_due',
  'acceptance_ended',
] as const
/** Nobody has to do anything about it any more. */
const aboutWork = ['deadline_approaching', 'deadline_breached', 'new_critical', 'assigned'] as const

/**
 * What changed statuses mean for deadlines, which stand still or go on, and for calls, which are answered. Their history is
 * to be written before. Answers how many calls ended.
 */
export async function followMoves(tx: Db, { organizationId, changed, now }: Changes): Promise<number> {
  const paused = changed.filter(
    ({ from, to }) => from === 'risk_accepted' || to === 'risk_accepted' || from === 'fixed',
  )
  await setDeadlines(tx, { organizationId, vulnerabilityIds: idsOf(paused), now })
  const calls = { organizationId, now }
  const ended = await settleCalls(tx, { ...calls, vulnerabilityIds: idsOf(changed), kinds: aboutStatus })
  const untracked = idsOf(changed.filter(({ to }) => !isTracked(to)))
  if (untracked.length === 0) return ended
  return ended + (await settleCalls(tx, { ...calls, vulnerabilityIds: untracked, kinds: aboutWork }))
}

const idsOf = (rows: readonly ChangedStatus[]) => rows.map((row) => row.vulnerabilityId)

/** The calendar date it is at the organization; only asked where a risk is accepted, which is rare. */
export async function findToday(
  tx: Db,
  { organizationId, now }: { organizationId: string; now: Date },
): Promise<string> {
  const { settings } = await findSla(tx, { organizationId })
  return openOrganizationDays(parseSla(settings))(now)
}
