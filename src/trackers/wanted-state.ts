import type { Status } from '../domain/status.ts'
import type { ItemState } from './tracker.ts'

/**
 * State an item should have. While it awaits validation it stays as the developer left it: closed by them, or still
 * open when a champion says so here.
 */
export function wantedState(status: Status): ItemState | null {
  switch (status) {
    case 'created':
    case 'identified':
    case 'in_progress':
      return 'open'
    case 'awaiting_validation':
      return null
    case 'fixed':
    case 'risk_accepted':
    case 'false_positive':
    case 'suppressed':
      return 'closed'
    default:
      return status satisfies never
  }
}
