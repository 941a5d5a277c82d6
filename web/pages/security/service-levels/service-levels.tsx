import { Button, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ServiceLevels as Levels } from '../../../../contract/security/service-levels.ts'
import { serviceLevelsQuery } from '../../../api/service-levels.ts'
import { useMay } from '../../../shell/use-session.ts'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState, LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { formatNumber } from '../../../ui/words.ts'
import { LevelsForm } from './levels-form.tsx'

/** While deadlines are being set anew, how far that is, is asked for this often. */
const lookEveryMs = 1000

export function ServiceLevels() {
  const found = useQuery({
    ...serviceLevelsQuery,
    refetchInterval: (query) => (query.state.data?.run ? lookEveryMs : false),
  })
  const [isStarted, setStarted] = useState(false)
  if (found.isPending) return <LoadingRows rows={6} height={44} />
  if (found.isError) return <ProblemNote error={found.error} onRetry={() => void found.refetch()} />
  const { data } = found
  if (data.settings === null && !isStarted) return <NotSet onStart={() => setStarted(true)} />
  return (
    <Stack>
      {data.run !== null && <Run run={data.run} />}
      <LevelsForm key={JSON.stringify(data.settings)} levels={data} onRemoved={() => setStarted(false)} />
    </Stack>
  )
}

function NotSet({ onStart }: { readonly onStart: () => void }) {
  const mayWrite = useMay('organization.write')
  return (
    <Panel title="Service levels">
      <EmptyState
        icon="clock"
        title="No deadlines yet"
        text={
          mayWrite
            ? 'Say how many days there are to mend a vulnerability, by its severity and the business impact of its asset. Start from a common table and change what you like: nothing happens before you save.'
            : 'An administrator can say how many days there are to mend a vulnerability, by its severity and the business impact of its asset.'
        }
        action={mayWrite && <Button onClick={onStart}>Start from the default table</Button>}
      />
    </Panel>
  )
}

function Run({ run }: { readonly run: NonNullable<Levels['run']> }) {
  const share = run.total === 0 ? 100 : (run.done / run.total) * 100
  return (
    <Panel>
      <Text size="sm" mb={6} aria-live="polite">
        {`Deadlines are being set anew: ${formatNumber(run.done)} of ${formatNumber(run.total)}`}
      </Text>
      <Progress value={share} aria-label="Deadlines set anew" />
    </Panel>
  )
}
