/** Runs work, at most so much of it at once; the rest waits in the order it came. */
export type Gate = <Value>(work: () => Promise<Value>) => Promise<Value>

/** A gate of one process that lets `places` pieces of work through at once. Work must not enter the gate it is inside of. */
export function createGate(places: number): Gate {
  const waiting: (() => void)[] = []
  let free = places
  return async (work) => {
    if (free > 0) free -= 1
    else await new Promise<void>((enter) => waiting.push(enter))
    try {
      return await work()
    } finally {
      // The place goes straight to whoever waits longest: nobody can slip in between.
      const next = waiting.shift()
      if (next === undefined) free += 1
      else next()
    }
  }
}

/** A gate for each key, there as long as somebody is in it or waits before it. */
export function createGates(places: number): (key: string) => Gate {
  const gates = new Map<string, { gate: Gate; inUse: number }>()
  return (key) => async (work) => {
    const mine = gates.get(key) ?? { gate: createGate(places), inUse: 0 }
    gates.set(key, mine)
    mine.inUse += 1
    try {
      return await mine.gate(work)
    } finally {
      mine.inUse -= 1
      if (mine.inUse === 0) gates.delete(key)
    }
  }
}
