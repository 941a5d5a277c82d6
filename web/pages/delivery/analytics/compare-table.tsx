import { Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import type { ComparedRow } from '../../../api/lens.ts'
import { formatValue } from '../../../ui/charts/format-value.ts'
import { type Column, DataTable } from '../../../ui/data-table.tsx'
import { AnchorLink } from '../../../ui/links.tsx'
import classes from './analytics.module.css'
import type { AnalyticsSearch } from './analytics-search.ts'
import { changeOf } from './compare-words.ts'
import type { Metric } from './metric-words.ts'

type CompareTableProps = {
  readonly rows: readonly ComparedRow[]
  readonly metrics: readonly Metric[]
  readonly search: AnalyticsSearch
  readonly onChange: (part: AnalyticsSearch) => void
}

const keyOf = ({ id }: ComparedRow) => id
const nameWidth = 200
const figureWidth = '132px'

/** One row for each team or repository; each figure opens what it is made of. */
export function CompareTable({ rows, metrics, search, onChange }: CompareTableProps) {
  const isTeam = search.by === 'team'
  const columns = [nameColumn(search), ...metrics.map((metric) => figureColumn(metric))]
  return (
    <DataTable
      caption={isTeam ? 'Teams side by side' : 'Repositories side by side'}
      columns={columns.map((column) => sortable(column, { search, onChange }))}
      rows={rows}
      rowKey={keyOf}
      leadWidth={nameWidth}
    />
  )
}

function nameColumn(search: AnalyticsSearch): Column<ComparedRow> {
  return {
    key: 'name',
    header: search.by === 'team' ? 'Team' : 'Repository',
    lead: true,
    cell: (row) => <RowName row={row} search={search} />,
  }
}

function RowName({
  row: { id, name, within },
  search,
}: {
  readonly row: ComparedRow
  readonly search: AnalyticsSearch
}) {
  return (
    <>
      <AnchorLink to="/analytics" search={rowSearch(search, id)} className="break">
        {name}
      </AnchorLink>
      {within !== null && (
        <Text size="xs" c="dimmed" className="break">
          {search.by === 'team' ? `in ${within}` : within}
        </Text>
      )}
    </>
  )
}

/** The overview of one row alone. */
function rowSearch({ days, from, to, branch, label, hours, statistic, ...rest }: AnalyticsSearch, id: string) {
  const same = { days, from, to, branch, label, hours, statistic }
  return rest.by === 'team'
    ? { ...same, repository: rest.repository, team: [id] }
    : { ...same, team: rest.team, repository: [id] }
}

function figureColumn(metric: Metric): Column<ComparedRow> {
  return {
    key: metric.key,
    header: metric.title,
    label: metric.title,
    width: figureWidth,
    align: 'right',
    cell: ({ figures }) => {
      const figure = figures.find(({ key }) => key === metric.key)
      if (figure === undefined) return '–'
      const change = changeOf(metric, figure)
      return (
        <div className={classes.figure}>
          <span className={classes.compareNumber}>{formatValue(figure.value, metric.unit)}</span>
          <Text component="span" size="xs" c="dimmed">
            {figure.value === null && figure.n > 0 ? `n = ${figure.n}, too few` : `n = ${figure.n}`}
          </Text>
          {change !== undefined && (
            <Text component="span" size="xs" className={classes.compared} data-tone={change.tone}>
              <span aria-hidden="true">{change.words}</span>
              <VisuallyHidden>{change.spoken}</VisuallyHidden>
            </Text>
          )}
        </div>
      )
    },
  }
}

/** A header that asks for another order: first the largest figures, then the smallest; names from the first letter. */
function sortable(
  column: Column<ComparedRow>,
  { search, onChange }: Pick<CompareTableProps, 'search' | 'onChange'>,
): Column<ComparedRow> {
  const { key } = column
  const isSorted = (search.sort ?? 'name') === key
  const isDescending = isSorted && search.direction === 'descending'
  const next = isSorted ? !isDescending : key !== 'name'
  return {
    ...column,
    sorted: isSorted ? (isDescending ? 'descending' : 'ascending') : 'none',
    header: (
      <UnstyledButton
        className={classes.sort}
        data-active={isSorted || undefined}
        onClick={() => onChange({ sort: key === 'name' ? undefined : key, direction: next ? 'descending' : undefined })}
      >
        {column.header}
        {isSorted && <span aria-hidden="true">{isDescending ? ' ↓' : ' ↑'}</span>}
      </UnstyledButton>
    ),
  }
}
