import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { SendQueue } from '../../../../contract/remotes/send-queue.ts'
import { sendQueueQuery } from '../../../api/connections.ts'
import { FactList } from '../../../ui/fact-list.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { formatHour, useNow } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type Lane = SendQueue['lanes'][number]['lane']

const laneWords: Record<Lane, string> = {
  person: 'What people wrote',
  status: 'Changes of status',
  bulk: 'Everything else',
}

const pollMs = 15_000

/** What waits to be sent, in the order it goes, and when it will have been. */
export function SendQueuePanel({ connectionId }: { readonly connectionId: string }) {
  const found = useQuery({ ...sendQueueQuery(connectionId), refetchInterval: pollMs })
  return (
    <Panel title="Waiting to be sent" lead="What people wrote goes first, then changes of status, then the rest.">
      {found.isPending && <LoadingRows rows={2} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && <Queue queue={found.data} />}
    </Panel>
  )
}

function Queue({ queue }: { readonly queue: SendQueue }) {
  const waiting = queue.lanes.reduce((sum, lane) => sum + lane.waiting, 0)
  return (
    <Stack>
      {waiting === 0 ? <Text>Nothing waits.</Text> : <Waiting queue={queue} />}
      <Text size="sm" c="dimmed">
        {`${queue.requests_left.toLocaleString()} of ${queue.requests_per_hour.toLocaleString()} requests are left in this hour. A share of them is kept for people.`}
      </Text>
    </Stack>
  )
}

function Waiting({ queue }: { readonly queue: SendQueue }) {
  const now = useNow()
  const lanes = queue.lanes.map(({ lane, waiting, requests }) => ({
    name: laneWords[lane],
    value:
      waiting === 0
        ? 'Nothing'
        : `${count(waiting, 'change')}, which ${waiting === 1 ? 'takes' : 'take'} ${count(requests, 'request')}`,
  }))
  return (
    <>
      <Text fw={600}>
        {queue.done_at === null
          ? 'When it will be done cannot be said now.'
          : `Done about ${formatHour(new Date(queue.done_at), now)}`}
      </Text>
      <FactList facts={lanes} />
    </>
  )
}
