import { Button, Modal, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { explanationQuery } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { toPlainLine } from '../../../ui/plain-line.ts'
import { LoadingRows, ProblemNote } from '../../../ui/states.tsx'
import { toWords } from '../../../ui/words.ts'
import type { Metric } from './metric-words.ts'

type Explanation = RouteResponse<'explainMetric'>
/** Of pull requests and deployments it can be told how their part came about. */
export type ExplainableMetric = Metric & { readonly subject: 'pull_request' | 'deployment' }

export function isExplainable(metric: Metric): metric is ExplainableMetric {
  return metric.group !== 'security' && (metric.subject === 'pull_request' || metric.subject === 'deployment')
}

type ExplainProps = { readonly metric: ExplainableMetric; readonly id: string; readonly title: string }

/** Opens every event and every rule that made one row's part in a figure. */
export function ExplainButton({ metric, id, title }: ExplainProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`Explain ${metric.title} of ${toPlainLine(title)}`}
        onClick={() => setOpen(true)}
      >
        Explain
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        size="xl"
        title={<Text fw={650}>{`Why ${metric.title} is what it is`}</Text>}
      >
        {isOpen && <ExplanationBody metric={metric} id={id} />}
      </Modal>
    </>
  )
}

function ExplanationBody({ metric, id }: Omit<ExplainProps, 'title'>) {
  const told = useQuery(explanationQuery(metric, id))
  if (told.isPending) return <LoadingRows rows={6} />
  if (told.isError) return <ProblemNote error={told.error} onRetry={() => void told.refetch()} />
  const { subject, value, left_out: leftOut, moments, phases, flags, deployment, stored } = told.data
  return (
    <Stack gap="sm">
      <Text className="break">
        {subject.repository.name} {subject.number === null ? '' : `#${subject.number}`} {toPlainLine(subject.title)}:{' '}
        <b>{leftOut === null ? formatValue(value, metric.unit) : `left out, ${leftOut.words}`}</b>
      </Text>
      {!stored.is_current && (
        <Text size="sm">Something changed: the figure on the page is worked out anew in a moment.</Text>
      )}
      <Part title="What was told, in order" rows={told.data.events} columns={eventColumns} />
      <Part title="Moments, and the rule behind each" rows={moments} columns={momentColumns} />
      <Part title="Phases" rows={phases} columns={phaseColumns} />
      <Lines title="Into production" lines={deployment} />
      <Lines title="To know" lines={flags.map(({ words }) => words)} />
    </Stack>
  )
}

type PartProps<Row> = {
  readonly title: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
}

function Part<Row extends object>({ title, rows, columns }: PartProps<Row>) {
  if (rows.length === 0) return null
  // Two things told of one moment may be alike in every word.
  const places = new Map(rows.map((row, index) => [row, String(index)]))
  return (
    <div>
      <Text fw={600}>{title}</Text>
      <DataTable caption={title} columns={columns} rows={rows} rowKey={(row) => places.get(row) ?? ''} />
    </div>
  )
}

const eventColumns: readonly Column<Explanation['events'][number]>[] = [
  {
    key: 'what',
    header: 'What',
    lead: true,
    cell: ({ what, by, from }) => (
      <>
        {toWords(what)}
        {by === null ? '' : ` by ${toPlainLine(by)}`}
        <Text size="xs" c="dimmed">
          {toSentence(from)}
        </Text>
      </>
    ),
  },
  { key: 'at', header: 'When', label: 'When', width: '190px', cell: ({ at }) => momentOf(at) },
  { key: 'rule', header: 'What it counts as', label: 'Counts as', cell: ({ rule }) => rule },
]

const momentColumns: readonly Column<Explanation['moments'][number]>[] = [
  { key: 'name', header: 'Moment', lead: true, cell: ({ name }) => momentName(name) },
  { key: 'at', header: 'When', label: 'When', width: '190px', cell: ({ at }) => momentOf(at) },
  {
    key: 'words',
    header: 'Rule',
    label: 'Rule',
    cell: ({ words }) => <span className="break">{readable(words)}</span>,
  },
]

const phaseColumns: readonly Column<Explanation['phases'][number]>[] = [
  { key: 'name', header: 'Phase', lead: true, cell: ({ name }) => toWords(name) },
  {
    key: 'took',
    header: 'Took',
    label: 'Took',
    width: '190px',
    cell: ({ seconds }) => formatValue(seconds, 'seconds'),
  },
  {
    key: 'between',
    header: 'Between',
    label: 'Between',
    cell: ({ from, to }) => `${momentName(from)} and ${momentName(to).toLowerCase()}`,
  },
]

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      <Text fw={600}>{title}</Text>
      {lines.map((line) => (
        <Text key={line} size="sm" className="break">
          {readable(line)}
        </Text>
      ))}
    </div>
  )
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

function momentOf(at: string | null): string {
  return at === null ? 'Not yet, or never' : moment.format(new Date(at))
}

/** `first_commit_at` → `First commit`. */
function momentName(name: string): string {
  return toWords(name.replace(/_at$/, ''))
}

/** `activity feed or webhook` begins as every line does. */
function toSentence(words: string): string {
  const text = toWords(words)
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A sentence of the server with its moments as everything else on the page has them. */
function readable(words: string): string {
  return toPlainLine(words).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => momentOf(at))
}
