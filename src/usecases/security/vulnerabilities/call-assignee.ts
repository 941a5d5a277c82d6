import type { Actor } from '../../../domain/actor.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { settleCalls } from '../../../store/sync/notifications.ts'
import { callMembers } from '../deadlines/call-members.ts'

type Assigned = {
  organizationId: string
  actor: Actor
  vulnerabilityIds: readonly string[]
  /** Null where the assignment was taken away. */
  assigneeId: string | null
  /** A change of many at once: one call, however many they are. */
  isBulk?: boolean
  now: Date
}

/** Calls whom something was assigned to, unless they did it themselves; whom it was assigned to before has nothing to do any more. */
export async function callAssignee(deps: { newId: NewId }, tx: Db, assigned: Assigned): Promise<void> {
  const { organizationId, actor, vulnerabilityIds, assigneeId, isBulk = false, now } = assigned
  await settleCalls(tx, { organizationId, vulnerabilityIds, kinds: ['assigned'], now })
  if (assigneeId === null || (actor.kind === 'member' && actor.memberId === assigneeId)) return
  const kind = 'assigned' as const
  const subject = `${actor.name} assigned it to you`
  const calls = vulnerabilityIds.map((vulnerabilityId) => ({ memberId: assigneeId, vulnerabilityId, kind, subject }))
  const digested = new Set(isBulk ? [`${assigneeId} ${kind}`] : [])
  await callMembers(deps, tx, { organizationId, calls, digested, now })
}
