import type { ReactNode } from 'react'
import type { Notification } from '../../../../contract/sync/notifications.ts'
import { AnchorLink } from '../../../ui/links.tsx'

type Props = { readonly notification: Notification; readonly onClick: () => void; readonly children: ReactNode }

/** Where a call leads: to its vulnerability, or to the list of all it is about. */
export function NotificationSubject({ notification, onClick, children }: Props) {
  const { vulnerability, kind, read_at: readAt } = notification
  const look = { fw: readAt === null ? 650 : 500, c: 'inherit', className: 'break', onClick }
  if (kind === 'webhook_disabled')
    return (
      <AnchorLink to="/integrations/webhooks" {...look}>
        {children}
      </AnchorLink>
    )
  if (kind === 'credential_ending')
    return (
      <AnchorLink to="/integrations" {...look}>
        {children}
      </AnchorLink>
    )
  if (kind === 'held_back')
    return (
      <AnchorLink to="/policies" {...look}>
        {children}
      </AnchorLink>
    )
  if (vulnerability === null)
    return (
      <AnchorLink to="/vulnerabilities" search={listOf(kind)} {...look}>
        {children}
      </AnchorLink>
    )
  const search = kind === 'message' || kind === 'mentioned' ? { tab: 'champions' as const } : {}
  return (
    <AnchorLink to="/vulnerabilities/$id" params={{ id: vulnerability.id }} search={search} {...look}>
      {children}
    </AnchorLink>
  )
}

function listOf(kind: Exclude<Notification['kind'], 'credential_ending' | 'held_back' | 'webhook_disabled'>) {
  switch (kind) {
    case 'deadline_approaching':
      return { sla: ['approaching' as const] }
    case 'deadline_breached':
      return { sla: ['breached' as const] }
    case 'acceptance_ending':
    case 'acceptance_due':
      return { status: ['risk_accepted' as const] }
    case 'acceptance_ended':
      return { status: ['identified' as const] }
    case 'awaiting_validation':
      return { status: ['awaiting_validation' as const] }
    case 'new_critical':
      return { severity: ['critical' as const], sort: '-opened_at' as const }
    case 'assigned':
      return { assignee_id: ['me'] }
    case 'message':
    case 'mentioned':
    case 'reopened':
    case 'sync_failed':
      return {}
    default:
      return kind satisfies never
  }
}
