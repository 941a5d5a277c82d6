import type { RouteResponse } from '../../../api/route-types.ts'
import type { Unit } from '../../../ui/charts/format-value.ts'
import type { ChartTable } from '../../../ui/charts/save-chart.ts'

export type ReviewMatrix = RouteResponse<'getReviewMatrix'>
type Line = ReviewMatrix['reviewers'][number]

/** What a line is called; all that was folded together is `Others`, with how many they are. */
export function lineWords({ label, people }: Line): string {
  return label ?? `Others (${people})`
}

/** Finds a cell by its reviewer and author; 0 where there was none. */
export function openCells({ cells }: ReviewMatrix): (reviewer: string, author: string) => number {
  const counts = new Map(cells.map(({ reviewer, author, count }) => [`${reviewer} ${author}`, count]))
  return (reviewer, author) => counts.get(`${reviewer} ${author}`) ?? 0
}

/** The matrix as rows of a file: a reviewer each. */
export function matrixTable(matrix: ReviewMatrix): ChartTable {
  const countOf = openCells(matrix)
  return {
    columns: ['Reviewer', ...matrix.authors.map((author) => `Of ${lineWords(author)}`), 'All'],
    rows: matrix.reviewers.map((reviewer) => [
      lineWords(reviewer),
      ...matrix.authors.map(({ key }) => countOf(reviewer.key, key)),
      reviewer.count,
    ]),
  }
}

type SpreadFact = { name: string; value: number | null; unit: Unit; note: string }

/** How evenly reviews are spread, in short. */
export function spreadFacts({ distribution, load }: ReviewMatrix): SpreadFact[] {
  const { active, reviewed, share, goal, gini, top_share } = distribution
  return [
    {
      name: 'Active people who review',
      value: share,
      unit: 'ratio',
      note: `${reviewed} of ${active} · goal ${Math.round(goal * 100)}%`,
    },
    { name: 'Reviews by reviewer', value: load.median, unit: 'count', note: 'median' },
    { name: 'Of the three who review most', value: top_share, unit: 'ratio', note: 'of all reviews' },
    { name: 'Gini', value: gini, unit: 'ratio', note: '0%: all as much' },
    {
      name: 'Open review requests',
      value: load.open_requests,
      unit: 'count',
      note: load.open_requests_median === null ? 'now' : `now · ${load.open_requests_median} each (median)`,
    },
  ]
}
