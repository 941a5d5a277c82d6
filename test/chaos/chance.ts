/** A deterministic source of chance: the seed repeats everything drawn from it. */
export type Chance = {
  /** In [0, 1). */
  next: () => number
  /** A whole number from 0 to below `limit`. */
  below: (limit: number) => number
  pick: <Value>(values: readonly Value[]) => Value | undefined
  /** Of weighted values, one; a weight of 0 is never picked. */
  weigh: <Value>(values: readonly (readonly [Value, number])[]) => Value | undefined
}

/** mulberry32. The number of a `stream` gives another one of the same seed that others drawing do not disturb. */
export function createChance(seed: number, stream = 0): Chance {
  let state = (seed + Math.imul(stream, 0x9e3779b1)) | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    next,
    below,
    pick: (values) => values[below(values.length)],
    weigh: (values) => {
      let left = next() * values.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [value, weight] of values) {
        left -= weight
        if (left < 0) return value
      }
      return undefined
    },
  }
}
