import { digest } from '../domain/finding-identity.ts'

/** The ways on which a problem comes in: some of them in words, and how many there are. By what is the same on all of them. */
export type KnownWays = Map<string, { ways: string[]; count: number }>

const maxWays = 10

/** To be called while a format learns, in the order of the file. A blank way counts, too. */
export function noteWay(known: KnownWays, key: readonly string[], way: string): void {
  const name = digest(key)
  const entry = known.get(name) ?? { ways: [], count: 0 }
  known.set(name, entry)
  entry.count += 1
  if (way !== '' && entry.ways.length < maxWays && !entry.ways.includes(way)) entry.ways.push(way)
}

export function findWays(known: KnownWays, key: readonly string[]): { ways: readonly string[]; count: number } {
  return known.get(digest(key)) ?? { ways: [], count: 0 }
}
