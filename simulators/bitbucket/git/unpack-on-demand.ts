/** What makes a git folder that is not there yet; by its path, which belongs to one running simulator alone. */
const waiting = new Map<string, { unpack: () => Promise<void>; underWay: Promise<void> | null }>()

/** From now on the first git command in this folder makes it first. */
export function unpackOnDemand(directory: string, unpack: () => Promise<void>): void {
  waiting.set(directory, { unpack, underWay: null })
}

/** Every way to git goes through here: makes the folder when nobody has needed it before, once for all who ask. */
export async function ensureUnpacked(directory: string): Promise<void> {
  const job = waiting.get(directory)
  if (job === undefined) return
  job.underWay ??= job.unpack()
  try {
    await job.underWay
    waiting.delete(directory)
  } catch (error) {
    // The next one tries again.
    job.underWay = null
    throw error
  }
}

/** Waits for what is being unpacked in or below a folder and forgets the rest: the folder is about to go. */
export async function forgetUnpacking(root: string): Promise<void> {
  for (const [directory, job] of waiting) {
    if (!`${directory}/`.startsWith(`${root}/`)) continue
    waiting.delete(directory)
    await job.underWay?.catch(() => undefined)
  }
}
