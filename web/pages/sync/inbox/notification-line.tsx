import { Text, VisuallyHidden } from '@mantine/core'
import type * as z from 'zod'
import type { notification } from '../../../../contract/sync/notifications.ts'
import { severities } from '../../../../src/domain/severity.ts'
import { useReadNotifications } from '../../../api/notifications.ts'
import { SeverityBadge } from '../../../ui/badges.tsx'
import { Icon, type IconName } from '../../../ui/icon.tsx'
import { toPlainLine } from '../../../ui/plain-line.ts'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import classes from './notification-line.module.css'
import { NotificationSubject } from './notification-subject.tsx'

type Notification = z.infer<typeof notification>

const kindIcons: Record<Notification['kind'], IconName> = {
  message: 'reply',
  mentioned: 'reply',
  assigned: 'person',
  new_critical: 'alert',
  awaiting_validation: 'clock',
  reopened: 'refresh',
  sync_failed: 'alert',
  deadline_approaching: 'clock',
  deadline_breached: 'alert',
  acceptance_ending: 'clock',
  acceptance_due: 'clock',
  acceptance_ended: 'refresh',
  held_back: 'policies',
  webhook_disabled: 'alert',
  credential_ending: 'key',
}

function opensWhat(kind: Notification['kind']): string {
  if (kind === 'webhook_disabled') return 'Opens the webhooks'
  if (kind === 'credential_ending') return 'Opens the connections'
  return kind === 'held_back' ? 'Opens the policies' : 'Opens the list of them'
}

export function NotificationLine({ notification: item }: { readonly notification: Notification }) {
  const read = useReadNotifications()
  const severity = severities.find((known) => known === item.vulnerability?.severity)
  const isUnread = item.read_at === null
  const markRead = () => {
    if (isUnread) read.mutate({ body: { ids: [item.id] } })
  }
  return (
    <article className={classes.line} data-unread={isUnread || undefined}>
      <span className={classes.icon}>
        <Icon name={kindIcons[item.kind]} size={17} />
      </span>
      <div className={classes.text}>
        <NotificationSubject notification={item} onClick={markRead}>
          {toPlainLine(item.subject)}
        </NotificationSubject>
        <Text size="sm" c="dimmed" className="break">
          {item.vulnerability === null
            ? opensWhat(item.kind)
            : `#${item.vulnerability.number} ${item.vulnerability.title} · ${item.asset_name ?? ''}`}
        </Text>
      </div>
      {severity !== undefined && <SeverityBadge severity={severity} />}
      <Text size="xs" c="dimmed" className={classes.time ?? ''}>
        <TimeAgo at={item.created_at} />
      </Text>
      {isUnread && <VisuallyHidden>Unread</VisuallyHidden>}
    </article>
  )
}
