import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { listNewCritical } from '../../../store/security/new-critical.ts'
import { listChampions } from '../../../store/sync/calls.ts'
import { callMembers } from '../deadlines/call-members.ts'

/** Calls the champions to what is new, critical and on a default branch: once, however much an import brings. */
export async function callToCritical(
  deps: { newId: NewId },
  tx: Db,
  found: {
    organizationId: string
    vulnerabilityIds: readonly string[]
    /** Who or what found it, to be named. */
    by: string
    /** The member who wrote it down, and so need not be called. */
    exceptMemberId: string | null
    now: Date
  },
): Promise<void> {
  const { organizationId, by, exceptMemberId, now } = found
  const critical = await listNewCritical(tx, found)
  if (critical.length === 0) return
  const kind = 'new_critical' as const
  const called = (await listChampions(tx, organizationId)).filter((memberId) => memberId !== exceptMemberId)
  const subject = `New and critical, found by ${by}`
  const calls = called.flatMap((memberId) =>
    critical.map((vulnerabilityId) => ({ memberId, vulnerabilityId, kind, subject })),
  )
  const digested = new Set(critical.length > 1 ? called.map((memberId) => `${memberId} ${kind}`) : [])
  await callMembers(deps, tx, { organizationId, calls, digested, now })
}
