import { Button, Modal, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { explanationQuery } from '../../../api/metrics.ts'
import type { RouteResponse } from '../../../api/route-types.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
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
      <Events told={told.data} />
      <Lines
        title="Moments, and the rule behind each"
        lines={moments.map((one) => `${toWords(one.name)}: ${momentOf(one.at)}: ${one.words}`)}
      />
      <Lines
        title="Phases"
        lines={phases.map(
          (one) =>
            `${toWords(one.name)}: ${formatValue(one.seconds, 'seconds')}, from ${toWords(one.from).toLowerCase()} to ${toWords(one.to).toLowerCase()}`,
        )}
      />
      <Lines title="Into production" lines={deployment} />
      <Lines title="To know" lines={flags.map(({ words }) => words)} />
    </Stack>
  )
}

function Events({ told }: { readonly told: Explanation }) {
  if (told.events.length === 0) return null
  return (
    <Table.ScrollContainer minWidth={480}>
      <Table>
        <Table.Caption>What was told, in order</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>What it counts as</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {told.events.map(({ at, what, by, from, rule }, index) => (
            // Two things told of one moment may be alike in every word.
            <Table.Tr key={`${index} ${at} ${what}`}>
              <Table.Td>{momentOf(at)}</Table.Td>
              <Table.Td>
                {toWords(what)}
                {by === null ? '' : ` of ${toPlainLine(by)}`}
                <Text size="xs" c="dimmed">
                  {toWords(from)}
                </Text>
              </Table.Td>
              <Table.Td>{rule}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Lines({ title, lines }: { readonly title: string; readonly lines: readonly string[] }) {
  if (lines.length === 0) return null
  return (
    <div>
      <Text fw={600}>{title}</Text>
      {lines.map((line) => (
        <Text key={line} size="sm" className="break">
          {toPlainLine(line)}
        </Text>
      ))}
    </div>
  )
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

function momentOf(at: string | null): string {
  return at === null ? 'none' : moment.format(new Date(at))
}
