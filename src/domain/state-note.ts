import type { Actor } from './actor.ts'
import { escapeMarkdown } from './message-text.ts'
import type { Status } from './status.ts'

/**
 * The one line that tells the people of a tracker why their item was closed or opened again; undefined when there is
 * nothing to say. Never the reason of a decision: the tracker may have other readers than Weir.
 */
export function stateNote(input: { status: Status; wasClosed: boolean; cause: Actor }): string | undefined {
  const { status, wasClosed, cause } = input
  // A developer who closed or reopened the item knows what they did.
  if (cause.kind === 'remote') return undefined
  const isScan = cause.kind === 'scan'
  const name = escapeMarkdown(cause.name)
  switch (status) {
    case 'fixed':
      return isScan ? `Fixed: no longer found by ${name}.` : `Fixed, says ${name}.`
    case 'risk_accepted':
      return `Closed: ${name} accepted the risk.`
    case 'false_positive':
      return `Closed: ${name} says it is a false positive.`
    case 'identified':
    case 'in_progress':
    case 'created':
      if (!wasClosed) return undefined
      return isScan ? `Reopened: found again by ${name}.` : `Reopened by ${name}.`
    case 'awaiting_validation':
    case 'suppressed':
      return undefined
    default:
      return status satisfies never
  }
}
