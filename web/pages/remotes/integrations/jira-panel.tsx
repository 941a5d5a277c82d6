import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Panel } from '../../../ui/panel.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { JiraDialog } from './jira-dialog.tsx'
import { JiraMark } from './jira-mark.tsx'

/** Jira as a tracker, with the sites that are connected. */
export function JiraPanel({ connections }: { readonly connections: readonly Connection[] }) {
  const mayConnect = useMay('connection.write')
  const [opened, dialog] = useDisclosure(false)
  const isConnected = connections.some((connection) => connection.state !== 'disconnected')
  return (
    <>
      <Panel>
        <Group wrap="nowrap" align="flex-start" gap="md">
          <JiraMark />
          <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
            <Group justify="space-between">
              <Title order={2}>Jira Cloud</Title>
              {mayConnect && (
                <Button onClick={dialog.open} {...(isConnected && { variant: 'default' })}>
                  {isConnected ? 'Connect another site' : 'Connect Jira'}
                </Button>
              )}
            </Group>
            <Text c="dimmed" maw={620}>
              For teams who plan their work in Jira. A connection is for one site; Weir works there as one account, with
              what this account may, and hears what changes by a signed webhook.
            </Text>
            {!mayConnect && connections.length === 0 && <Text c="dimmed">An administrator can connect it.</Text>}
          </Stack>
        </Group>
      </Panel>
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} />
      ))}
      <JiraDialog opened={opened} onClose={dialog.close} />
    </>
  )
}
