import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useNavigate } from '@tanstack/react-router'
import { toProblem } from '../api/api-problem.ts'
import { leaveByLogOut } from '../api/leave-to-login.ts'
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

/** A session that had ended before is over just as well. */
function unlessEnded(error: unknown): void {
  if (toProblem(error).status !== 401) throw error
}

export function MemberMenu() {
  const { member } = useSession()
  const navigate = useNavigate()
  const logOut = useLogOut()
  const leave = () =>
    leaveByLogOut(async () => {
      await logOut.mutateAsync({}).catch(unlessEnded)
      clearDrafts(localStorage)
      sessionStorage.clear()
    }).catch((error: unknown) =>
      notifications.show({ color: 'red', title: 'You are still logged in', message: toProblem(error).detail }),
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
        <Menu.Item leftSection={<Icon name="logout" size={16} />} onClick={() => void leave()}>
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
