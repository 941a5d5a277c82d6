import { Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { progressQuery } from '../../../api/connections.ts'
import { Panel } from '../../../ui/panel.tsx'

const pollMs = 1500

type BarProps = { readonly name: string; readonly done: number; readonly total: number }

function Bar({ name, done, total }: BarProps) {
  const percent = total === 0 ? 0 : Math.round((done / total) * 100)
  return (
    <div>
      <Text size="sm" mb={4}>{`${name}: ${done.toLocaleString()} of ${total.toLocaleString()}`}</Text>
      <Progress.Root size="md">
        <Progress.Section value={percent} aria-label={`${name}, ${percent} percent`} />
      </Progress.Root>
    </div>
  )
}

/** How far repositories and webhooks are, while that work runs; nothing when it is done. */
export function ProgressPanel({ id }: { readonly id: string }) {
  const progress = useQuery({
    ...progressQuery(id),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? pollMs : false),
  })
  const { data } = progress
  if (data === undefined || data.state === 'idle') return null
  return (
    <Panel title={data.state === 'running' ? 'Setting up repositories' : 'Setting up repositories stopped'}>
      <Stack>
        <Bar name="Repositories" done={data.repositories_done} total={data.repositories_total} />
        <Bar name="Webhooks" done={data.webhooks_done} total={data.webhooks_total} />
        {data.error !== null && (
          <Text c="var(--bad-fg)" className="break">
            {data.error}
          </Text>
        )}
        {data.state === 'running' && (
          <Text size="sm" c="dimmed">
            It goes on in the background; you can leave this page.
          </Text>
        )}
      </Stack>
    </Panel>
  )
}
