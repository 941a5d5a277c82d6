import { Button, Group, Stack, Text } from '@mantine/core'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { ConnectionState } from './connection-state.tsx'
import { ScopeChecks } from './scope-checks.tsx'

const foundWords = {
  bitbucket: {
    complete: 'The credential works and has every scope Weir needs.',
    lacking:
      'Connected, but what the missing scopes are for will not work. Make a token with them and renew the connection.',
    next: 'Choose repositories',
  },
  jira: {
    complete: 'The credential works and may do everything Weir needs.',
    lacking: 'Connected. What the missing permissions are for will not work until the account has them.',
    next: 'Open the connection',
  },
} as const satisfies Record<Connection['kind'], unknown>

/** What the check of a new credential found, before anything is chosen. */
export function ConnectedResult({
  connection,
  onProceed,
}: {
  readonly connection: Connection
  readonly onProceed: () => void
}) {
  const words = foundWords[connection.kind]
  const missing = connection.scopes.filter((scope) => scope.state === 'missing').length
  return (
    <Stack>
      <Group gap="sm">
        <Text fw={650}>{connection.name}</Text>
        <ConnectionState state={connection.state} />
      </Group>
      {connection.state_reason !== null && <Text className="break">{connection.state_reason}</Text>}
      <Text c="dimmed">{missing === 0 ? words.complete : words.lacking}</Text>
      <ScopeChecks scopes={connection.scopes} />
      <Group justify="flex-end">
        <Button onClick={onProceed} data-autofocus>
          {words.next}
        </Button>
      </Group>
    </Stack>
  )
}
