import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { reviewMatrixQuery } from '../../../api/reviews.ts'
import { NoData } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { saveCsv } from '../../../ui/charts/save-chart.ts'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { type AnalyticsSearch, narrowToPullRequests, scopeOf } from './analytics-search.ts'
import { ReviewHeatTable } from './review-heat-table.tsx'
import { matrixTable, type ReviewMatrix, spreadFacts } from './review-words.ts'

/** Who reviews whom, and how evenly that is spread. */
export function ReviewPanel({ search }: { readonly search: AnalyticsSearch }) {
  const [now] = useState(() => new Date())
  const answer = useQuery(reviewMatrixQuery(scopeOf(narrowToPullRequests(search), now)))
  return (
    <Panel title="Who reviews whom" lead={answer.isSuccess ? groupingWords[answer.data.grouping] : undefined}>
      {answer.isPending && <LoadingRows rows={4} />}
      {answer.isError && <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isSuccess && answer.data.cells.length === 0 && (
        <NoData>
          Nobody reviewed a pull request in this period. Choose a longer one, or see under{' '}
          <AnchorLink to="/integrations">Integrations</AnchorLink> how far Bitbucket has been read.
        </NoData>
      )}
      {answer.isSuccess && answer.data.cells.length > 0 && <Matrix matrix={answer.data} />}
    </Panel>
  )
}

const groupingWords: Record<ReviewMatrix['grouping'], string> = {
  person: 'By name, as your organization allows.',
  team: 'By team: nothing is shown of one person alone. Teams of fewer than three are among the others.',
  anonymous: 'Without names: nothing is shown of one person alone. With teams this is shown by team.',
}

function Matrix({ matrix }: { readonly matrix: ReviewMatrix }) {
  const left = matrix.excluded.reduce((sum, { count }) => sum + count, 0)
  return (
    <Stack gap="md">
      <Group gap="xl" component="dl" m={0}>
        {spreadFacts(matrix).map(({ name, value, unit, note }) => (
          <div key={name}>
            <Text component="dt" size="xs" c="dimmed">
              {name}
            </Text>
            <Text component="dd" m={0} fw={600}>
              {formatValue(value, unit)}{' '}
              <Text span size="xs" c="dimmed" fw={400}>
                {note}
              </Text>
            </Text>
          </div>
        ))}
      </Group>
      <Group justify="space-between" align="flex-end">
        <Text size="sm" c="dimmed">
          {`Pull requests that a reviewer commented on, approved or asked to change. n = ${matrix.load.reviews}${left === 0 ? '' : ` · ${left} left out`}`}
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => saveCsv(matrixTable(matrix), 'reviews')}>
          Save as CSV
        </Button>
      </Group>
      <ReviewHeatTable matrix={matrix} />
    </Stack>
  )
}
