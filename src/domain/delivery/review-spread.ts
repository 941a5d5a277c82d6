import { leastValues, summarise } from './statistics.ts'

/** How evenly work lies on people. Null where fewer than three are asked about. */
export type Spread = {
  /** 0: everybody has as much; towards 1: one has all. */
  gini: number | null
  /** What part of all the three with most of it have. */
  topShare: number | null
  median: number | null
  p90: number | null
}

const topPeople = 3

/** Judges how some work is spread, by how much each person has; those who have none are 0. No order has an effect. */
export function judgeSpread(amounts: readonly number[]): Spread {
  const sorted = amounts.toSorted((a, b) => a - b)
  const sum = sorted.reduce((all, amount) => all + amount, 0)
  if (sorted.length < leastValues || sum === 0) return { gini: null, topShare: null, median: null, p90: null }
  const weighted = sorted.reduce((all, amount, index) => all + amount * (2 * (index + 1) - sorted.length - 1), 0)
  const top = sorted.slice(-topPeople).reduce((all, amount) => all + amount, 0)
  return {
    gini: weighted / (sorted.length * sum),
    topShare: top / sum,
    median: summarise(sorted, 'median'),
    p90: summarise(sorted, 'p90'),
  }
}
