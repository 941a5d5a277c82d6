import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useLogOut } from '../api/session.ts'
import { Icon } from '../ui/icon.tsx'
import { toWords } from '../ui/words.ts'
import { clearDrafts } from './drafts.ts'
import { useSession } from './use-session.ts'

function initialsOf(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const first = words.at(0)?.at(0) ?? '?'
  const last = words.length > 1 ? (words.at(-1)?.at(0) ?? '') : ''
  return (first + last).toUpperCase()
}

export function MemberMenu() {
  const { member } = useSession()
  const navigate = useNavigate()
  const client = useQueryClient()
  const logOut = useLogOut()
  const leave = () =>
    logOut.mutate(
      {},
      {
        onSettled: () => {
          client.clear()
          clearDrafts(localStorage)
          sessionStorage.clear()
          location.assign('/login')
        },
      },
    )
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <UnstyledButton aria-label={`${initialsOf(member.name)}: account of ${member.name}`} ml={4}>
          <Avatar size={32} radius="xl" color="river" variant="filled">
            {initialsOf(member.name)}
          </Avatar>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: '8px 12px' }}>
          <Text fw={600} truncate>
            {member.name}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {member.email}
          </Text>
          <Text size="xs" c="dimmed">
            {toWords(member.role)}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<Icon name="lock" size={16} />}
          onClick={() => void navigate({ to: '/settings/password' })}
        >
          Change password
        </Menu.Item>
        <Menu.Item
          leftSection={<Icon name="key" size={16} />}
          onClick={() => void navigate({ to: '/settings/tokens' })}
        >
          API tokens
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="logout" size={16} />} onClick={leave}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
