/**
 * Points to one decimal, for the eye: what is shown adds up to the score that is shown, which rounding each by itself would
 * not. The greatest remainders get what is left over. Takes points of 0 or more.
 */
export function roundPoints(points: readonly number[]): number[] {
  const tenths = points.map((value) => value * 10)
  const floors = tenths.map(Math.floor)
  const left = Math.round(sum(tenths)) - sum(floors)
  const byRemainder = tenths
    .map((value, index) => ({ index, remainder: value - (floors[index] ?? 0) }))
    .toSorted((a, b) => b.remainder - a.remainder || a.index - b.index)
  const raised = new Set(byRemainder.slice(0, left).map(({ index }) => index))
  return floors.map((value, index) => (raised.has(index) ? value + 1 : value) / 10)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
