import { Button, Group, Stack, Text } from '@mantine/core'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { ConnectionState } from './connection-state.tsx'
import { ScopeChecks } from './scope-checks.tsx'

/** What the check of a new credential found, before repositories are chosen. */
export function ConnectedResult({
  connection,
  onProceed,
}: {
  readonly connection: Connection
  readonly onProceed: () => void
}) {
  const missing = connection.scopes.filter((scope) => scope.state === 'missing').length
  return (
    <Stack>
      <Group gap="sm">
        <Text fw={650}>{connection.name}</Text>
        <ConnectionState state={connection.state} />
      </Group>
      {connection.state_reason !== null && <Text className="break">{connection.state_reason}</Text>}
      <Text c="dimmed">
        {missing === 0
          ? 'The credential works and has every scope Weir needs.'
          : 'Connected, but what the missing scopes are for will not work. Make a token with them and renew the connection.'}
      </Text>
      <ScopeChecks scopes={connection.scopes} />
      <Group justify="flex-end">
        <Button onClick={onProceed} data-autofocus>
          Choose repositories
        </Button>
      </Group>
    </Stack>
  )
}
