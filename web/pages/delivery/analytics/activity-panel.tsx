import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { activityQuery } from '../../../api/activity.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { chartColor } from '../../../ui/charts/chart-color.ts'
import { ChartFrame, Legend, NoData } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { TimeSeries } from '../../../ui/charts/time-series.tsx'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { type AnalyticsSearch, narrowToPeople, scopeOf } from './analytics-search.ts'

type Activity = RouteResponse<'getActivity'>
type Line = Activity['all'] & { id: string; name: string }

/** How many days a week people work, and how much outside their hours: of teams, never of one person. */
export function ActivityPanel({ search }: { readonly search: AnalyticsSearch }) {
  const [now] = useState(() => new Date())
  const isWider = [search.branch, search.label].some((list) => list?.length)
  const answer = useQuery(activityQuery(scopeOf(narrowToPeople(search), now)))
  return (
    <Panel
      title="Working days"
      lead="Commits, comments, approvals and pull requests by the hours, zone and holidays of each team. Of fewer than three people nothing is shown."
    >
      {isWider && (
        <Text size="sm" c="dimmed" mb="sm">
          Of all branches and labels: a working day has neither.
        </Text>
      )}
      {answer.isPending && <LoadingRows rows={4} />}
      {answer.isError && <ProblemNote error={answer.error} onRetry={() => void answer.refetch()} />}
      {answer.isSuccess && answer.data.all.people === 0 && (
        <NoData>
          Nothing was done in this period. Choose a longer one, or see under{' '}
          <AnchorLink to="/integrations">Integrations</AnchorLink> how far Bitbucket has been read.
        </NoData>
      )}
      {answer.isSuccess && answer.data.all.people > 0 && (
        <Stack gap="lg">
          <ActivityChart activity={answer.data} />
          <DataTable
            caption="Working days by team"
            columns={columns}
            rows={[{ id: 'all', name: 'Everybody', ...answer.data.all }, ...answer.data.teams]}
            rowKey={({ id }) => id}
          />
        </Stack>
      )}
    </Panel>
  )
}

const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' })
const dayOf = (week: string) => day.format(new Date(`${week}T00:00:00Z`))

function ActivityChart({ activity: { all, course, goal_days_per_week } }: { readonly activity: Activity }) {
  const labels = course.map(({ week }) => dayOf(week))
  return (
    <ChartFrame
      title="Outside the hours of teams"
      words={`${formatValue(all.out_of_hours, 'ratio')} of what ${all.people} people did was outside their hours, ${formatValue(all.non_working_day, 'ratio')} on free days. Active on ${daysWords(all)}; the goal is ${goal_days_per_week}.`}
      fileName="working-days"
      table={{
        columns: ['Week from', 'Outside hours (ratio)', 'On free days (ratio)', 'Days a week', 'People', 'n'],
        rows: course.map((one) => [
          one.week,
          one.out_of_hours,
          one.non_working_day,
          one.active_days_per_week,
          one.people,
          one.events,
        ]),
      }}
    >
      {(drawing) => (
        <>
          <TimeSeries
            drawing={drawing}
            labels={labels}
            lines={[
              { label: 'Outside hours', values: course.map(({ out_of_hours }) => out_of_hours) },
              { label: 'On free days', values: course.map(({ non_working_day }) => non_working_day) },
            ]}
            counts={course.map(({ events }) => events ?? 0)}
            unit="ratio"
            onOpen={() => undefined}
          />
          <Legend
            entries={[
              { label: 'Outside hours', color: chartColor(0) },
              { label: 'On free days', color: chartColor(1) },
            ]}
          />
        </>
      )}
    </ChartFrame>
  )
}

/** `4 days a week`, or that there are too few people to say. */
function daysWords({ active_days_per_week: days }: Activity['all']): string {
  return days === null ? 'too few weeks to show' : `${formatValue(days, 'count')} days a week`
}

const columns: readonly Column<Line>[] = [
  { key: 'name', header: 'Team', lead: true, cell: ({ name }) => name },
  { key: 'people', header: 'People', label: 'People', align: 'right', cell: ({ people }) => people, width: '90px' },
  {
    key: 'days',
    header: 'Active days a week',
    label: 'Active days a week',
    cell: (line) => (line.people < 3 ? 'Too few to show' : daysWords(line)),
    width: '180px',
  },
  {
    key: 'hours',
    header: 'Outside hours',
    label: 'Outside hours',
    align: 'right',
    cell: ({ out_of_hours }) => formatValue(out_of_hours, 'ratio'),
    width: '130px',
  },
  {
    key: 'free',
    header: 'On free days',
    label: 'On free days',
    align: 'right',
    cell: ({ non_working_day }) => formatValue(non_working_day, 'ratio'),
    width: '130px',
  },
  {
    key: 'n',
    header: 'n',
    label: 'n',
    align: 'right',
    cell: ({ events }) => formatValue(events, 'count'),
    width: '80px',
  },
]
