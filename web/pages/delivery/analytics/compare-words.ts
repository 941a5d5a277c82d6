import type { ComparedRow } from '../../../api/lens.ts'
import type { ChartTable } from '../../../ui/charts/save-chart.ts'
import type { Metric } from './metric-words.ts'

export type ComparedFigure = ComparedRow['figures'][number]

/** How a figure changed against the period before: `↑ 12%`, and whether that is good; nothing where one has no value. */
export function changeOf(
  { goal: { direction } }: Pick<Metric, 'goal'>,
  { value, previous }: Pick<ComparedFigure, 'value' | 'previous'>,
): { words: string; spoken: string; tone: 'good' | 'bad' | 'calm' } | undefined {
  const before = previous.value
  if (value === null || before === null || before === 0) return undefined
  const percent = Math.round((Math.abs(value - before) / Math.abs(before)) * 100)
  if (percent === 0) return { words: '=', spoken: 'as in the period before', tone: 'calm' }
  const isDown = value < before
  const tone = direction === 'none' ? 'calm' : (direction === 'lower') === isDown ? 'good' : 'bad'
  const way = isDown ? 'down' : 'up'
  return { words: `${isDown ? '↓' : '↑'} ${percent}%`, spoken: `${way} ${percent}% against the period before`, tone }
}

/** All rows as a file: each figure with its n and that of the period before. */
export function compareFile(metrics: readonly Metric[], rows: readonly ComparedRow[]): ChartTable {
  const columns = metrics.flatMap(({ title, unit }) => [`${title} (${unit})`, `${title}: n`, `${title}: before`])
  return {
    columns: ['Name', 'Within', ...columns],
    rows: rows.map(({ name, within, figures }) => [
      name,
      within,
      ...metrics.flatMap(({ key }) => {
        const figure = figures.find((one) => one.key === key)
        return [figure?.value ?? null, figure?.n ?? 0, figure?.previous.value ?? null]
      }),
    ]),
  }
}
