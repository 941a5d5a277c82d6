import { Button, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Connection } from '../../../../contract/remotes/connections.ts'
import { useCheckConnection } from '../../../api/connections.ts'
import { Icon } from '../../../ui/icon.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type OutagePanelProps = { readonly connection: Connection; readonly mayWrite: boolean }

/** Says since when and why nothing is tried, how much waits, and when the remote is asked again. */
export function OutagePanel({ connection, mayWrite }: OutagePanelProps) {
  const check = useCheckConnection()
  const { outage } = connection
  if (outage === null) return null
  const tryNow = () =>
    check.mutate(
      { params: { id: connection.id } },
      {
        onSuccess: (after) =>
          notifications.show({
            message: after.outage === null ? 'It answers again; what waited goes on' : 'Still out of reach',
          }),
      },
    )
  return (
    <Panel
      title="Out of reach: the work waits"
      actions={
        mayWrite && (
          <Button leftSection={<Icon name="refresh" size={15} />} loading={check.isPending} onClick={tryNow}>
            Try now
          </Button>
        )
      }
    >
      <Stack gap={4}>
        <Text>
          {`${count(outage.failures, 'request')} in a row failed since `}
          <TimeAgo at={outage.since} />
          {'. Nothing is tried until it answers, but one request now and then; the next '}
          <TimeAgo at={outage.next_probe_at} />
          {'.'}
        </Text>
        <Text c="dimmed">
          {`${count(connection.operations_waiting, 'change')} waiting. Nothing is lost: they go out in their order, by themselves.`}
        </Text>
        {check.isError && <ProblemNote error={check.error} />}
      </Stack>
    </Panel>
  )
}
