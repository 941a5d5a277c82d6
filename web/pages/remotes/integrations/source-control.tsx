import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { connectionsQuery } from '../../../api/connections.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { BitbucketMark } from './bitbucket-mark.tsx'
import { ConnectionCard } from './connection-card.tsx'
import { IntegrateDialog } from './integrate-dialog.tsx'

export function SourceControl() {
  const mayConnect = useMay('connection.write')
  const [opened, dialog] = useDisclosure(false)
  const list = useQuery(connectionsQuery)
  const connections = (list.data?.items ?? []).filter(({ kind }) => kind === 'bitbucket')
  const isConnected = connections.some((connection) => connection.state !== 'disconnected')
  return (
    <Stack>
      <Panel>
        <Group wrap="nowrap" align="flex-start" gap="md">
          <BitbucketMark size={46} />
          <Stack gap={4} style={{ flex: 1, minWidth: 0 }}>
            <Group justify="space-between">
              <Title order={2}>Bitbucket Cloud</Title>
              {mayConnect && (
                <Button onClick={dialog.open} {...(isConnected && { variant: 'default' })}>
                  {isConnected ? 'Integrate another' : 'Integrate'}
                </Button>
              )}
            </Group>
            <Text c="dimmed" maw={620}>
              Repositories become assets; vulnerabilities become items that developers see where they work, and their
              answers come back. Weir makes, checks and repairs its own signed webhooks.
            </Text>
            {!mayConnect && connections.length === 0 && <Text c="dimmed">An administrator can connect it.</Text>}
          </Stack>
        </Group>
      </Panel>
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && (
        <Panel flush>
          <LoadingRows rows={2} height={56} />
        </Panel>
      )}
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} />
      ))}
      <IntegrateDialog opened={opened} onClose={dialog.close} />
    </Stack>
  )
}
