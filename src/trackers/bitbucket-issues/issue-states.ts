import type { SeenState } from '../../domain/sending/state-maps.ts'
import type { Status } from '../../domain/status.ts'

/** States in which an issue asks for no more work; `new`, `open`, `submitted` and `on hold` do. */
const closedStates = ['resolved', 'closed', 'invalid', 'duplicate', 'wontfix']

/** In the order people choose from: https://support.atlassian.com/bitbucket-cloud/docs/use-the-issue-tracker/ */
export const issueStates: readonly SeenState[] = [
  ...['new', 'open', 'submitted', 'on hold'].map((name) => ({ name, state: 'open' as const })),
  ...closedStates.map((name) => ({ name, state: 'closed' as const })),
]

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
