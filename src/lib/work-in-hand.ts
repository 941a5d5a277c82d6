/** Work that may go on after whoever asked for it has left. */
export type WorkInHand = {
  /** Hands on what the work comes to, and knows of it until then. */
  track: <Result>(work: Promise<Result>) => Promise<Result>
  /** Waits until all of it has ended, well or badly, or `withinMs` have passed. */
  settle: (withinMs: number) => Promise<void>
}

export function createWorkInHand(): WorkInHand {
  const inHand = new Set<Promise<unknown>>()
  return {
    track: async (work) => {
      inHand.add(work)
      try {
        return await work
      } finally {
        inHand.delete(work)
      }
    },
    settle: async (withinMs) => {
      const { promise: late, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, withinMs)
      await Promise.race([Promise.allSettled(inHand), late])
      clearTimeout(timer)
    },
  }
}
