import { Stack } from '@mantine/core'
import { UnreadBadge } from '../ui/badges.tsx'
import { Icon } from '../ui/icon.tsx'
import { MenuLink } from '../ui/links.tsx'
import { screens } from './screens.ts'
import classes from './side-menu.module.css'
import { useSession } from './use-session.ts'

export function SideMenu({ onNavigate }: { readonly onNavigate?: () => void }) {
  const { permissions, unread_notifications } = useSession()
  return (
    <Stack gap={2}>
      {screens
        .filter((screen) => permissions.includes(screen.needs))
        .map((screen) => (
          <MenuLink
            key={screen.to}
            to={screen.to}
            activeOptions={{ exact: screen.to === '/', includeSearch: false }}
            className={classes.link ?? ''}
            label={screen.title}
            leftSection={<Icon name={screen.icon} />}
            rightSection={
              screen.to === '/inbox' ? <UnreadBadge amount={unread_notifications} what="notifications" /> : undefined
            }
            {...(onNavigate !== undefined && { onClick: onNavigate })}
          />
        ))}
    </Stack>
  )
}
