/** Rows of one INSERT at most: a statement of PostgreSQL takes 65,535 parameters. */
const rowsAtOnce = 2000

/** Runs `write` for pieces of `rows`, one after the other, and joins what they answer. Nothing runs for no rows. */
export async function inChunks<Row, Result>(
  rows: readonly Row[],
  write: (piece: readonly Row[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let start = 0; start < rows.length; start += rowsAtOnce)
    results.push(...(await write(rows.slice(start, start + rowsAtOnce))))
  return results
}
