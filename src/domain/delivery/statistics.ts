export const statistics = ['median', 'p75', 'p90', 'mean'] as const
export type Statistic = (typeof statistics)[number]

/** Fewer values than this say nothing of the rest: their statistic is not shown, their number is. */
export const leastValues = 3

/** Ascending values, wherever they are kept. */
export type SortedValues = { length: number; at: (index: number) => number }

/**
 * One number for many, or null for none. The median of an even number of values is the mean of the middle two;
 * percentiles are nearest-rank: a value that occurred, at least so many hundredths of all being no larger.
 */
export function summarise(values: readonly number[], statistic: Statistic): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return summariseSorted({ length: sorted.length, at: (index) => at(sorted, index) }, statistic)
}

/** The same of values that are sorted already. */
export function summariseSorted(sorted: SortedValues, statistic: Statistic): number | null {
  if (sorted.length === 0) return null
  switch (statistic) {
    case 'median':
      return (nearestRank(sorted, 50) + sorted.at(Math.floor(sorted.length / 2))) / 2
    case 'p75':
      return nearestRank(sorted, 75)
    case 'p90':
      return nearestRank(sorted, 90)
    case 'mean':
      return sumOf(sorted) / sorted.length
    default: {
      const unheard: never = statistic
      return unheard
    }
  }
}

/** Two lists of ascending values as one, of the first only the values before `firstLength`. Nothing is copied. */
export function mergeSorted(
  first: readonly number[],
  second: readonly number[],
  firstLength: number = first.length,
): SortedValues {
  return {
    length: firstLength + second.length,
    at: (index) => {
      // How many of the values before it are the first list's: the fewest after which the second list's are all larger.
      let [least, most] = [Math.max(0, index - second.length), Math.min(index, firstLength)]
      while (least < most) {
        const middle = (least + most) >> 1
        if (at(first, middle) < at(second, index - middle - 1)) least = middle + 1
        else most = middle
      }
      const rest = second[index - least]
      return least < firstLength && (rest === undefined || at(first, least) <= rest)
        ? at(first, least)
        : at(second, index - least)
    },
  }
}

/** The percentile of ascending values by nearest rank; `percent` above 0 and up to 100. */
function nearestRank(sorted: SortedValues, percent: number): number {
  return sorted.at(Math.ceil((percent * sorted.length) / 100) - 1)
}

function sumOf({ length, at: valueAt }: SortedValues): number {
  let sum = 0
  for (let index = 0; index < length; index += 1) sum += valueAt(index)
  return sum
}

function at(sorted: readonly number[], index: number): number {
  const value = sorted[index]
  if (value === undefined) throw new Error('A percentile was asked of no values.')
  return value
}
