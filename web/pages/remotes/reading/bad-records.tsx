import { Code, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { badRecordsQuery } from '../../../api/connections.ts'
import { Fold } from '../../../ui/fold.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { TimeAgo } from '../../../ui/time-ago.tsx'
import { count } from '../../../ui/words.ts'

type BadRecordsProps = { readonly connectionId: string; readonly total: number }

/** Records that make no sense to Weir: counted, kept, and in nobody's way. */
export function BadRecords({ connectionId, total }: BadRecordsProps) {
  const found = useQuery(badRecordsQuery(connectionId))
  return (
    <Stack gap={6}>
      <Text fw={600}>{`${count(total, 'record')} could not be understood`}</Text>
      <Text size="sm" c="dimmed">
        They are kept and left out of all figures; the rest of their page is in. After an update, weir recompute tries
        them again.
      </Text>
      {found.isPending && <LoadingRows rows={2} />}
      {found.isError && <ProblemNote error={found.error} onRetry={() => void found.refetch()} />}
      {found.isSuccess && (
        <Fold height={160}>
          <Stack gap={8}>
            {found.data.items.map((record) => (
              <Stack key={record.id} gap={2}>
                <Text size="sm" className="break">
                  {`${record.repository ?? 'The workspace'}, ${record.kind.replace('_', ' ')}${record.remote_key === null ? '' : ` ${record.remote_key}`}: ${record.reason} `}
                  <TimeAgo at={record.seen_at} />
                </Text>
                <Code block className="break">
                  {record.body.slice(0, 400)}
                </Code>
              </Stack>
            ))}
          </Stack>
        </Fold>
      )}
    </Stack>
  )
}
