import { createHash } from 'node:crypto'
import { seededRandom } from '../state.ts'

/** Chance that can be repeated: the same seed and name give the same numbers in the same order. */
export interface Random {
  /** In [0, 1). */
  next: () => number
  /** A whole number, both ends included. */
  int: (from: number, to: number) => number
  chance: (probability: number) => boolean
  pick: <Item>(list: readonly Item[]) => Item
  weighted: <Item>(choices: readonly (readonly [Item, number])[]) => Item
  /** Log-normal: most near the median, a few many times as large. */
  longTail: (median: number, spread: number) => number
}

export function createRandom(seed: number, name: string): Random {
  const next = seededRandom(createHash('sha256').update(`${seed}:${name}`).digest().readUInt32LE(0))
  return {
    next,
    int: (from, to) => from + Math.floor(next() * (to - from + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => itemAt(list, Math.floor(next() * list.length)),
    weighted: (choices) => {
      let left = next() * choices.reduce((sum, [, weight]) => sum + weight, 0)
      const found = choices.findIndex(([, weight]) => (left -= weight) < 0)
      return itemAt(choices, found === -1 ? choices.length - 1 : found)[0]
    },
    longTail: (median, spread) => {
      const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
      return median * Math.exp(spread * normal)
    },
  }
}

/** The item at a place that is known to be there. */
export function itemAt<Item>(list: readonly Item[], index: number): Item {
  const item = list[index]
  if (item === undefined) throw new Error(`nothing at ${index} of ${list.length}`)
  return item
}
