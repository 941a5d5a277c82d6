import type { CallKind } from '../../../domain/calls/call-kinds.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { type Call, callToMany, insertCalls } from '../../../store/sync/calls.ts'
import { announce } from '../../../store/sync/live-events.ts'

/** More of a kind than this at once are one call: nobody reads five hundred. */
const mostSingle = 20

/** Who has had a call about many in this round: what else there is of the kind goes into it. */
export type Digested = Set<string>

/** Calls members to vulnerabilities, one by one where they are few, else once with their number. */
export async function callMembers(
  deps: { newId: NewId },
  tx: Db,
  input: { organizationId: string; calls: readonly Call[]; digested: Digested; now: Date },
): Promise<void> {
  const { organizationId, digested, now } = input
  const groups = [...Map.groupBy(input.calls, keyOf)]
  const isMany = ([key, calls]: [string, Call[]]) => calls.length > mostSingle || digested.has(key)
  const calls = groups.filter((group) => !isMany(group)).flatMap(([, group]) => group)
  await insertCalls(deps, tx, { organizationId, calls, now })
  for (const [key, group] of groups.filter(isMany)) {
    const [first] = group
    if (first === undefined) continue
    digested.add(key)
    const { memberId, kind } = first
    const digest = { memberId, kind, count: group.length, subject: (count: number) => tellMany(kind, count) }
    await callToMany(deps, tx, { organizationId, digest, now })
  }
  if (groups.length > 0) await announce(tx, organizationId, [{ kind: 'notification' }])
}

const keyOf = (call: Call) => `${call.memberId} ${call.kind}`

function tellMany(kind: CallKind, count: number): string {
  const number = new Intl.NumberFormat('en').format(count)
  switch (kind) {
    case 'deadline_approaching':
      return `${number} deadlines are coming near`
    case 'deadline_breached':
      return `${number} deadlines have passed`
    case 'acceptance_ending':
      return `${number} accepted risks are to be looked at again within a week`
    case 'acceptance_due':
      return `${number} accepted risks are to be looked at again today`
    case 'acceptance_ended':
      return `${number} accepted risks have ended and are open again`
    case 'assigned':
      return count === 1 ? 'A vulnerability was assigned to you' : `${number} vulnerabilities were assigned to you`
    case 'new_critical':
      return count === 1 ? 'A new critical vulnerability' : `${number} new critical vulnerabilities`
    case 'message':
    case 'mentioned':
    case 'awaiting_validation':
    case 'reopened':
    case 'sync_failed':
    case 'held_back':
    case 'webhook_disabled':
    case 'credential_ending':
      return `${number} vulnerabilities call you`
    default:
      return kind satisfies never
  }
}
