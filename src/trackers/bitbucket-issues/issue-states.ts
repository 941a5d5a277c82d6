import type { Status } from '../../domain/status.ts'

/** States in which an issue asks for no more work; `new`, `open`, `submitted` and `on hold` do. */
const closedStates = ['resolved', 'closed', 'invalid', 'duplicate', 'wontfix']

export function isClosed(state: string): boolean {
  return closedStates.includes(state)
}

/** The issue state that says best what the status says. */
export function remoteStateFor(status: Status): string {
  switch (status) {
    case 'created':
    case 'identified':
    case 'in_progress':
    case 'awaiting_validation':
      return 'open'
    case 'fixed':
      return 'resolved'
    case 'risk_accepted':
      return 'wontfix'
    case 'false_positive':
      return 'invalid'
    case 'suppressed':
      return 'closed'
    default:
      return status satisfies never
  }
}
