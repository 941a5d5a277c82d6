import { Group, Stack, Text } from '@mantine/core'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { count } from '../../../ui/words.ts'
import { ConnectionState } from './connection-state.tsx'

/** One connection in a list: what it is, how it is, and the way to its page. */
export function ConnectionCard({ connection }: { readonly connection: Connection }) {
  const { kind, assets, webhooks_ok, webhooks_total, operations_waiting } = connection
  const facts = [
    ...(kind === 'bitbucket' ? [count(assets, 'asset')] : []),
    ...(webhooks_total > 0 ? [`${webhooks_ok} of ${count(webhooks_total, 'webhook')} healthy`] : []),
    ...(operations_waiting > 0 ? [`${count(operations_waiting, 'change')} waiting`] : []),
  ]
  return (
    <Panel>
      <Group justify="space-between" align="flex-start">
        <Stack gap={4} style={{ minWidth: 0, flex: '1 1 320px' }}>
          <Group gap={10}>
            <AnchorLink
              to="/integrations/connections/$id"
              params={{ id: connection.id }}
              fw={650}
              size="md"
              c="inherit"
              className="break"
            >
              {connection.name}
            </AnchorLink>
            <ConnectionState state={connection.state} />
          </Group>
          <Text c="dimmed">{facts.join(' · ')}</Text>
          {connection.state_reason !== null && <Text className="break">{connection.state_reason}</Text>}
        </Stack>
        <AnchorLink
          to="/integrations/connections/$id"
          params={{ id: connection.id }}
          aria-label={`Open the connection ${connection.name}`}
        >
          Open
        </AnchorLink>
      </Group>
    </Panel>
  )
}
