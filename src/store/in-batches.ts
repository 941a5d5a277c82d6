/** Rows of one statement: few enough that nobody waits for its locks. */
export const batchRows = 1000

/** Batches of one kind in one round; what is left waits for the next one, so that a worker can always stop soon. */
const batchesAtMost = 200

/** Repeats a statement that takes up to `batchRows` rows and answers how many it took, until there are no more of them. */
export async function inBatches(takeBatch: () => Promise<bigint>): Promise<void> {
  for (let round = 0; round < batchesAtMost; round++) if ((await takeBatch()) < batchRows) return
}
