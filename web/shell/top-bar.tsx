import { ActionIcon, Group, Kbd, Text, Tooltip, UnstyledButton } from '@mantine/core'
import { Icon } from '../ui/icon.tsx'
import { BellLink } from './bell-link.tsx'
import { Logo } from './logo.tsx'
import { MemberMenu } from './member-menu.tsx'
import { openSpotlight } from './palette.tsx'
import { ShortcutHelp } from './shortcut-help.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import classes from './top-bar.module.css'
import { useSession } from './use-session.ts'

const paletteKeys = navigator.userAgent.includes('Mac') ? '⌘ K' : 'Ctrl K'

export function TopBar({ onMenu }: { readonly onMenu: () => void }) {
  const { organization } = useSession()
  return (
    <Group h="100%" px="md" gap="xs" wrap="nowrap" justify="space-between">
      <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
        <ActionIcon hiddenFrom="sm" size="lg" onClick={onMenu} aria-label="Open the menu">
          <Icon name="menu" size={20} />
        </ActionIcon>
        <Logo />
        <Text c="dimmed" aria-hidden="true" visibleFrom="xs">
          /
        </Text>
        <Text fw={550} truncate title={organization.name}>
          {organization.name}
        </Text>
      </Group>
      <Group gap={4} wrap="nowrap">
        <UnstyledButton
          className={classes.search}
          onClick={openSpotlight}
          aria-label={`Search or go to… ${paletteKeys}`}
        >
          <Icon name="search" size={16} />
          <Text span size="sm" visibleFrom="md">
            Search or go to…
          </Text>
          <Kbd size="xs" visibleFrom="md">
            {paletteKeys}
          </Kbd>
        </UnstyledButton>
        <BellLink />
        <ShortcutHelp />
        <Tooltip label="Appearance">
          <span>
            <ThemeMenu />
          </span>
        </Tooltip>
        <MemberMenu />
      </Group>
    </Group>
  )
}
