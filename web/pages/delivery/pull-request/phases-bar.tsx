import { Text, VisuallyHidden } from '@mantine/core'
import type { PullRequestDetails } from '../../../../contract/delivery/pull-requests.ts'
import { chartColor } from '../../../ui/charts/chart-color.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { EmptyState } from '../../../ui/states.tsx'
import { ExactTime } from './exact-time.tsx'
import classes from './pull-request.module.css'
import { phaseNames } from './pull-request-words.ts'

type Phase = PullRequestDetails['phases'][number]

const keyOf = ({ key }: Phase) => key
const widths = { phase: '220px', time: '150px' } as const

/** Where its time went: one bar of all phases that are known, and each with its moments below. */
export function PhasesBar({ pullRequest }: { readonly pullRequest: PullRequestDetails }) {
  const { phases, whole } = pullRequest
  const known = phases.filter(({ seconds }) => seconds !== null)
  if (known.length === 0)
    return (
      <Panel title="Phases">
        <EmptyState
          icon="clock"
          title="No phase has ended yet"
          text="The first one ends when the pull request is ready and somebody else looks at it."
        />
      </Panel>
    )
  const sum = known.reduce((all, { seconds }) => all + (seconds ?? 0), 0)
  return (
    <Panel
      title="Phases"
      lead={`${formatValue(whole.seconds, 'seconds')} in all, ${formatValue(whole.business_seconds, 'seconds')} of them in the hours of its team.`}
      flush
    >
      <div className={classes.bar} aria-hidden="true">
        {phases.map(({ key, seconds }, index) =>
          seconds === null || seconds === 0 ? null : (
            <span
              key={key}
              className={classes.part}
              style={{ flexGrow: seconds / Math.max(1, sum), background: chartColor(index) }}
            />
          ),
        )}
      </div>
      <DataTable caption="Phases" columns={columns(phases)} rows={phases} rowKey={keyOf} />
    </Panel>
  )
}

function columns(phases: readonly Phase[]): Column<Phase>[] {
  return [
    {
      key: 'phase',
      header: 'Phase',
      lead: true,
      width: widths.phase,
      cell: ({ key }) => (
        <span className={classes.phase}>
          <span
            className={classes.swatch}
            style={{ background: chartColor(phases.findIndex((one) => one.key === key)) }}
          />
          {phaseNames[key]}
        </span>
      ),
    },
    {
      key: 'time',
      header: 'Took',
      label: 'Took',
      width: widths.time,
      cell: ({ seconds }) => <Value seconds={seconds} />,
    },
    {
      key: 'business',
      header: 'In team hours',
      label: 'In team hours',
      width: widths.time,
      cell: ({ business_seconds: seconds }) => <Value seconds={seconds} />,
    },
    { key: 'from', header: 'From', label: 'From', cell: ({ from }) => <Moment at={from} /> },
    { key: 'to', header: 'To', label: 'To', cell: ({ to }) => <Moment at={to} /> },
  ]
}

function Value({ seconds }: { readonly seconds: number | null }) {
  return (
    <Text component="span" fw={seconds === null ? 400 : 600}>
      {formatValue(seconds, 'seconds')}
      {seconds === null && <VisuallyHidden>not known, or not yet</VisuallyHidden>}
    </Text>
  )
}

function Moment({ at }: { readonly at: string | null }) {
  return at === null ? <span>–</span> : <ExactTime at={at} />
}
