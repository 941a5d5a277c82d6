export const statistics = ['median', 'p75', 'p90', 'mean'] as const
export type Statistic = (typeof statistics)[number]

/** Fewer values than this say nothing of the rest: their statistic is not shown, their number is. */
export const leastValues = 3

/**
 * One number for many, or null for none. The median of an even number of values is the mean of the middle two;
 * percentiles are nearest-rank: a value that occurred, at least so many hundredths of all being no larger.
 */
export function summarise(values: readonly number[], statistic: Statistic): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  switch (statistic) {
    case 'median':
      return (nearestRank(sorted, 50) + at(sorted, Math.floor(sorted.length / 2))) / 2
    case 'p75':
      return nearestRank(sorted, 75)
    case 'p90':
      return nearestRank(sorted, 90)
    case 'mean':
      return sorted.reduce((sum, value) => sum + value, 0) / sorted.length
    default: {
      const unheard: never = statistic
      return unheard
    }
  }
}

/** The percentile of ascending values by nearest rank; `percent` above 0 and up to 100. */
function nearestRank(sorted: readonly number[], percent: number): number {
  return at(sorted, Math.ceil((percent * sorted.length) / 100) - 1)
}

function at(sorted: readonly number[], index: number): number {
  const value = sorted[index]
  if (value === undefined) throw new Error('A percentile was asked of no values.')
  return value
}
