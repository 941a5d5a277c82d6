import { Tooltip } from '@mantine/core'
import { Icon } from '../ui/icon.tsx'
import { PlainLink } from '../ui/links.tsx'
import classes from './bell-link.module.css'
import { useSession } from './use-session.ts'

export function BellLink() {
  const { unread_notifications: unread } = useSession()
  const label = unread === 0 ? 'Inbox, nothing unread' : `Inbox, ${unread} unread`
  return (
    <Tooltip label={label}>
      <PlainLink to="/inbox" className={classes.bell ?? ''} aria-label={label}>
        <Icon name="bell" size={19} />
        {unread > 0 && (
          <span className={classes.amount} aria-hidden="true">
            {unread > 99 ? '99+' : unread}
          </span>
        )}
      </PlainLink>
    </Tooltip>
  )
}
