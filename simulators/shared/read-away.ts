/** What a receiver may answer is hardly ever more than a line. */
const largestRead = 1024 * 1024

/** Reads an answer whose body means nothing, so that its connection can be used again; from an endless one it goes away. */
export async function readAway({ body }: Response): Promise<void> {
  if (body === null) return
  let read = 0
  for await (const chunk of body) {
    read += chunk.length
    if (read > largestRead) return
  }
}
