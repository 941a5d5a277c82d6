import { useQueries } from '@tanstack/react-query'
import { type MetricQuestion, metricQuery } from '../../../api/metrics.ts'
import { ChartFrame } from '../../../ui/charts/chart-frame.tsx'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { StackedBars } from '../../../ui/charts/stacked-bars.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { bucketLabels, type Metric } from './metric-words.ts'

/** Phases of a pull request up to its merge, in their order. */
export const phaseKeys = ['coding_time', 'pickup_time', 'review_time', 'merge_wait'] as const

/** Stages of a vulnerability from found to production, in their order. */
export const stageKeys = [
  'security_triage_time',
  'security_to_pr_time',
  'security_pickup_stage',
  'security_review_time',
  'security_merge_wait',
  'security_deploy_time',
] as const

type PhasesPanelProps = {
  readonly title: string
  readonly phases: readonly Metric[]
  readonly question: MetricQuestion
  readonly onOpen: (key: string) => void
}

/** Where the time of pull requests goes: the median of each phase, one upon the other. */
export function PhasesPanel({ title: name, phases, question, onOpen }: PhasesPanelProps) {
  const answers = useQueries({ queries: phases.map(({ key }) => metricQuery(key, question)) }).flatMap(
    ({ data }) => data ?? [],
  )
  const [first] = answers
  if (first === undefined || answers.length !== phases.length || answers.every(({ n }) => n === 0)) return null
  const labels = bucketLabels(first)
  const words = phases
    .map(({ title, unit }, index) => `${title} ${formatValue(answers[index]?.value ?? null, unit)}`)
    .join(', ')
  const slowest = phases.toSorted(
    (a, b) => (answers[phases.indexOf(b)]?.value ?? 0) - (answers[phases.indexOf(a)]?.value ?? 0),
  )[0]
  return (
    <Panel>
      <ChartFrame
        title={name}
        words={`Medians: ${words}. The median of a whole is not the sum of the medians of its parts.`}
        fileName={name.toLowerCase()}
        table={{
          columns: ['From', ...phases.map(({ title }) => `${title} (seconds)`)],
          rows: labels.map((label, index) => [label, ...answers.map(({ buckets }) => buckets[index]?.value ?? null)]),
        }}
      >
        {(drawing) => (
          <StackedBars
            drawing={drawing}
            labels={labels}
            layers={phases.map(({ title }, index) => ({
              label: title,
              values: answers[index]?.buckets.map(({ value }) => value) ?? [],
            }))}
            unit="seconds"
            counts={answers.at(-1)?.buckets.map(({ n }) => n) ?? []}
            onOpen={() => slowest !== undefined && onOpen(slowest.key)}
          />
        )}
      </ChartFrame>
    </Panel>
  )
}
