import { Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { goalsQuery, metricsQuery } from '../../../api/metrics.ts'
import { useMay } from '../../../shell/use-session.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { figureGroupWords } from '../analytics/group-words.ts'
import { GoalDialog } from './goal-dialog.tsx'
import { goalWords, type MetricGoal } from './goal-words.ts'

/** What the organization wants each figure to reach; what has none of its own begins with the one its page tells. */
export function GoalSettingsPage() {
  const goals = useQuery(goalsQuery)
  const metrics = useQuery(metricsQuery)
  const places: Places = new Map(metrics.data?.map(({ key, group }) => [key, figureGroupWords[group]]))
  const mayWrite = useMay('organization.write')
  const [edited, setEdited] = useState<MetricGoal>()
  return (
    <Panel
      title="Goals"
      lead="What each figure should reach. Analytics and the weekly digest show it green, amber or red; the past keeps the goal it had."
    >
      {goals.isPending && <LoadingRows rows={6} height={44} />}
      {goals.isError && <ProblemNote error={goals.error} onRetry={() => void goals.refetch()} />}
      {goals.isSuccess && (
        <DataTable
          caption="Goals of figures"
          rows={goals.data.items}
          rowKey={({ metric }) => metric}
          columns={columnsOf(places, mayWrite ? setEdited : undefined)}
        />
      )}
      {edited !== undefined && <GoalDialog goal={edited} onClose={() => setEdited(undefined)} />}
    </Panel>
  )
}

/** On which tab of Analytics a figure stands: names alone do not tell apart what is measured of a fix and of any change. */
type Places = ReadonlyMap<string, string>

function columnsOf(places: Places, onChange: ((goal: MetricGoal) => void) | undefined): Column<MetricGoal>[] {
  const columns: Column<MetricGoal>[] = [
    {
      key: 'figure',
      header: 'Figure',
      lead: true,
      cell: ({ title, metric }) => (
        <>
          <Text fw={600}>{title}</Text>
          <Text size="xs" c="dimmed">
            {places.get(metric)}
          </Text>
        </>
      ),
    },
    { key: 'goal', header: 'Goal', label: 'Goal', width: '240px', cell: goalWords },
    { key: 'set', header: 'Set', label: 'Set', width: '170px', cell: setWords },
  ]
  if (onChange === undefined) return columns
  const change: Column<MetricGoal> = {
    key: 'action',
    header: 'Action',
    width: '100px',
    cell: (goal) => (
      <Button
        size="compact-xs"
        variant="default"
        onClick={() => onChange(goal)}
        aria-label={`Change the goal of ${goal.title}`}
      >
        Change
      </Button>
    ),
  }
  return [...columns, change]
}

function setWords({ valid_from, set_by, target }: MetricGoal): string {
  if (valid_from !== null) return `By ${set_by ?? 'somebody'}, from ${valid_from}`
  return target === null ? '' : 'Weir’s own'
}
