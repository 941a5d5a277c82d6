import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import type { DeliveryFailure } from '../../../../contract/sync/deliveries.ts'
import { toProblem } from '../../../api/api-problem.ts'
import { failuresQuery, useRetryFailures } from '../../../api/deliveries.ts'
import { useMay } from '../../../shell/use-session.ts'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

/** What failed for good, by connection and error; nothing at all while nothing has. */
export function FailurePanel() {
  const found = useQuery(failuresQuery)
  const failures = found.data?.items ?? []
  if (failures.length === 0) return null
  return (
    <Panel
      title="Failed for good"
      lead="Weir does not try these again by itself. Open one to see what it carried, to retry or to skip it."
    >
      <Stack>
        {failures.map((failure) => (
          <Failure key={`${failure.direction} ${failure.connection.id} ${failure.error_code}`} failure={failure} />
        ))}
      </Stack>
    </Panel>
  )
}

function Failure({ failure }: { readonly failure: DeliveryFailure }) {
  const { direction, connection, error_code: code, error, count: amount, oldest_at: oldestAt } = failure
  return (
    <Group justify="space-between" align="flex-start" gap="sm">
      <Stack gap={2} style={{ flex: '1 1 280px', minWidth: 0 }}>
        <Text fw={600}>
          {`${count(amount, direction === 'in' ? 'webhook' : 'change')} ${direction === 'in' ? 'from' : 'to'} ${connection.name}`}
        </Text>
        <Text size="sm" c="var(--bad-fg)" className="break">{`${error} (${code})`}</Text>
        <Group gap="sm">
          <Text size="sm" c="dimmed">
            Oldest <TimeAgo at={oldestAt} />
          </Text>
          <AnchorLink
            to="/integrations/deliveries"
            search={{ direction, state: ['failed'], connection_id: [connection.id] }}
            size="sm"
          >
            Show them
          </AnchorLink>
        </Group>
      </Stack>
      <RetryAll failure={failure} />
    </Group>
  )
}

function RetryAll({ failure }: { readonly failure: DeliveryFailure }) {
  const mayRetry = useMay('delivery.retry')
  const retry = useRetryFailures()
  if (!mayRetry) return null
  const { direction, connection, error_code } = failure
  const label = direction === 'in' ? 'Replay all' : 'Retry all'
  const run = () =>
    retry.mutate(
      { body: { direction, connection_id: connection.id, error_code } },
      {
        onSuccess: ({ retried }) =>
          notifications.show({
            message:
              retried === 0 ? 'None of them can be replayed any more' : `${count(retried, 'attempt')} on the way`,
          }),
        onError: (problem) =>
          notifications.show({ color: 'red', title: `${label} failed`, message: toProblem(problem).detail }),
      },
    )
  return (
    <Button
      size="compact-sm"
      variant="default"
      loading={retry.isPending}
      onClick={run}
      aria-label={`${label} with ${error_code} of ${connection.name}`}
    >
      {label}
    </Button>
  )
}
