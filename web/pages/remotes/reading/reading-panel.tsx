import { Button, Group, List, Progress, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { Reading } from '../../../../contract/delivery/reading.ts'
import { figuresOf } from '../../../../src/domain/delivery/feed-kinds.ts'
import { readingQuery, useReadNow } from '../../../api/connections.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { formatHour, useNow } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'
import { BadRecords } from './bad-records.tsx'
import { ReadRepositories } from './read-repositories.tsx'

const busyPollMs = 3000
const calmPollMs = 30_000

type ReadingPanelProps = { readonly connectionId: string }

/** How far the repositories are read for the figures: what it takes, what is missing, and until when. */
export function ReadingPanel({ connectionId }: ReadingPanelProps) {
  const mayAsk = useMay('delivery.retry')
  const found = useQuery({
    ...readingQuery(connectionId),
    refetchInterval: ({ state }) => (state.data !== undefined && isBusy(state.data) ? busyPollMs : calmPollMs),
  })
  const readNow = useReadNow()
  const ask = () =>
    readNow.mutate(
      { params: { id: connectionId } },
      { onSuccess: () => notifications.show({ message: 'Reading what is new; it shows here' }) },
    )
  return (
    <Panel
      title="Reading"
      lead="Pull requests, their history, pipelines and deployments, for the figures of the delivery half. Everything once, then only what is new."
      actions={
        mayAsk && (
          <Button
            variant="default"
            leftSection={<Icon name="refresh" size={15} />}
            loading={readNow.isPending}
            onClick={ask}
          >
            Read now
          </Button>
        )
      }
    >
      <Stack>
        {readNow.isError && <ProblemNote error={readNow.error} />}
        {found.isPending && <LoadingRows rows={3} />}
        {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
        {found.isSuccess && <Loaded reading={found.data} connectionId={connectionId} />}
      </Stack>
    </Panel>
  )
}

function isBusy({ feeds }: Reading): boolean {
  return (feeds.reading ?? 0) + (feeds.waiting ?? 0) > 0
}

function Loaded({ reading, connectionId }: { readonly reading: Reading; readonly connectionId: string }) {
  if (reading.items.length === 0)
    return (
      <EmptyState
        icon="refresh"
        title="Nothing is read yet"
        text="Reading begins by itself a few seconds after a repository is chosen."
      />
    )
  return (
    <>
      <Summary reading={reading} />
      <MissingScopes reading={reading} />
      <ReadRepositories reading={reading} />
      {reading.bad_records > 0 && <BadRecords connectionId={connectionId} total={reading.bad_records} />}
    </>
  )
}

function Summary({ reading }: { readonly reading: Reading }) {
  const { repositories, repositories_read: read, requests, requests_remaining: left } = reading
  const share = requests + left === 0 ? 100 : (100 * requests) / (requests + left)
  return (
    <Stack gap={6}>
      <Text fw={600}>
        {read === repositories
          ? `${count(repositories, 'repository', 'repositories')}, all read`
          : `${read} of ${count(repositories, 'repository', 'repositories')} read`}
      </Text>
      {left > 0 && read < repositories && <Progress value={share} aria-label={`${Math.round(share)} % read`} />}
      <Text size="sm" c="dimmed">
        {`${count(reading.records, 'record')} with ${count(requests, 'request')}.`}
        {left > 0 && <Rest reading={reading} />}
      </Text>
    </Stack>
  )
}

function Rest({ reading }: { readonly reading: Reading }) {
  const now = useNow()
  const { requests_remaining: left, requests_per_hour: perHour, done_at: doneAt } = reading
  const until =
    doneAt === null ? 'When it will be done cannot be said now.' : `Done about ${formatHour(new Date(doneAt), now)}.`
  return ` About ${left.toLocaleString()} to go, ${perHour.toLocaleString()} an hour at most, so that what people write is never held up. ${until}`
}

/** What one more scope would add. */
function MissingScopes({ reading }: { readonly reading: Reading }) {
  if (reading.missing_scopes.length === 0) return null
  return (
    <List size="sm" spacing={6} listStyleType="none" aria-label="Missing scopes">
      {reading.missing_scopes.map(({ scope, kinds }) => (
        <List.Item key={scope}>
          <Group gap={6} wrap="nowrap" align="flex-start">
            <Icon name="lock" size={16} />
            <Text size="sm" className="break">
              The credential lacks{' '}
              <Text span ff="monospace" size="sm">
                {scope}
              </Text>
              {`. Renewed with it, Weir would also know: ${kinds.map((kind) => figuresOf[kind]).join('; ')}. Everything else goes on without it.`}
            </Text>
          </Group>
        </List.Item>
      ))}
    </List>
  )
}
