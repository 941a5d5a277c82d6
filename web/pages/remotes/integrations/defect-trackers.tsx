import { Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { connectionsQuery } from '../../../api/connections.ts'
import { AnchorLink, ButtonLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { BitbucketMark } from './bitbucket-mark.tsx'
import { JiraPanel } from './jira-panel.tsx'

const trackers = [
  {
    name: 'Bitbucket discussions',
    text: 'For bitbucket.org today. Each vulnerability becomes an inline comment thread and a task on the open pull request that holds the place, otherwise an inline comment on the commit the scan saw.',
  },
  {
    name: 'Bitbucket issues',
    text: 'For a host that still has the issue tracker. Each vulnerability becomes an issue; closing it there means “awaiting validation” here. Bitbucket Cloud removed issues on 20 August 2026.',
  },
]

export function DefectTrackers() {
  const list = useQuery(connectionsQuery)
  const all = list.data?.items ?? []
  const sites = all.filter((connection) => connection.kind === 'jira')
  const live = all.filter((connection) => connection.kind === 'bitbucket' && connection.state !== 'disconnected')
  return (
    <Stack>
      {list.isError && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {trackers.map((tracker) => (
        <Panel key={tracker.name}>
          <Group wrap="nowrap" align="flex-start" gap="md">
            <BitbucketMark />
            <Stack gap={4}>
              <Title order={2}>{tracker.name}</Title>
              <Text c="dimmed" maw={620}>
                {tracker.text}
              </Text>
            </Stack>
          </Group>
        </Panel>
      ))}
      {list.isSuccess && <JiraPanel connections={sites} />}
      <Panel title="What the two in Bitbucket use">
        {list.isSuccess && live.length === 0 ? (
          <Group justify="space-between">
            <Text c="dimmed">Both work through a Bitbucket connection. There is none yet.</Text>
            <ButtonLink to="/integrations">Connect Bitbucket</ButtonLink>
          </Group>
        ) : (
          <Stack gap="xs">
            <Text c="dimmed">
              A vulnerability goes to the repository of its asset. Which tracker can take it is shown beside its “Send
              to Bitbucket” button, with the reason where one cannot.
            </Text>
            {live.map((connection) => (
              <AnchorLink key={connection.id} to="/integrations/connections/$id" params={{ id: connection.id }}>
                {connection.name}
              </AnchorLink>
            ))}
          </Stack>
        )}
      </Panel>
    </Stack>
  )
}
