import { isAppError } from '../../../lib/app-error.ts'
import { addFeedRequests, findDueFeed, type ReadableFeed } from '../../../store/delivery/feeds.ts'
import type { ConnectionKey } from '../../../store/remotes/connections.ts'
import { announce } from '../../../store/sync/live-events.ts'
import { noteRefusal } from './note-refusal.ts'
import { readFeedPage } from './read-feed.ts'
import { readTasks } from './read-tasks.ts'
import type { ReadingDeps } from './reading-deps.ts'

/** Why reading ended: nothing is due, its time is over, another process reads, or something has to pass first. */
export type ReadOutcome =
  | { kind: 'done' | 'paused' | 'busy' }
  | { kind: 'stopped'; code: string; detail: string; retryAfterS: number | null }

export type ReadConnectionInput = ConnectionKey & {
  /** Asked after each page. */
  isOver?: () => boolean
  onPage?: (feed: ReadableFeed) => void
}

/** The lock under which a connection is read: one process at a time, so that it is one repository at a time. */
function readingLock({ organizationId, connectionId }: ConnectionKey): string {
  return `reading:${organizationId}:${connectionId}`
}

/** Reads what is due at a connection, page after page, until nothing is. What one feed may not read keeps no other from it. */
export async function readConnection(deps: ReadingDeps, input: ReadConnectionInput): Promise<ReadOutcome> {
  const { organizationId, connectionId } = input
  const ran = await deps.locks.tryWith(readingLock(input), (lost) => readDue(deps, input, lost))
  if (ran.kind === 'ran') await announce(deps.db, organizationId, [{ kind: 'connection', connection_id: connectionId }])
  return ran.kind === 'busy' ? { kind: 'busy' } : ran.value
}

async function readDue(deps: ReadingDeps, input: ReadConnectionInput, lost: AbortSignal): Promise<ReadOutcome> {
  const key = { organizationId: input.organizationId, connectionId: input.connectionId }
  const isOver = (): boolean => lost.aborted || input.isOver?.() === true
  for (;;) {
    if (isOver()) return { kind: 'paused' }
    const feed = await findDueFeed(deps.db, { ...key, now: deps.clock() })
    if (feed === undefined) return readTasksAtLast(deps, key, isOver)
    const stopped = await readPass(deps, { feed, isOver, input })
    if (stopped !== undefined) return stopped
  }
}

/** Feeds come first: of what they told, tasks may name keys. */
async function readTasksAtLast(deps: ReadingDeps, key: ConnectionKey, isOver: () => boolean): Promise<ReadOutcome> {
  try {
    await readTasks(deps, { ...key, isOver })
    return { kind: 'done' }
  } catch (error) {
    return stoppedBy(error)
  }
}

type Pass = { feed: ReadableFeed; isOver: () => boolean; input: ReadConnectionInput }

/** Carries a pass on to its end; answers what stops everything. */
async function readPass(deps: ReadingDeps, { feed: begun, isOver, input }: Pass): Promise<ReadOutcome | undefined> {
  const { organizationId, connectionId } = input
  let requests = 0
  let feed: ReadableFeed | undefined = begun
  const countAll = async (): Promise<void> => {
    const count = requests
    requests = 0
    await addFeedRequests(deps.db, { organizationId, feedId: begun.id, count })
  }
  try {
    const onRequest = (): void => {
      requests += 1
    }
    const { client } = await deps.connect({ organizationId, connectionId, onRequest })
    do {
      feed = await readFeedPage(deps, { client, feed })
      await countAll()
      if (feed !== undefined) input.onPage?.(feed)
    } while (feed !== undefined && feed.state === 'reading' && !isOver())
    return undefined
  } catch (error) {
    await countAll()
    if (await noteRefusal(deps, { feed: feed ?? begun, error })) return undefined
    return stoppedBy(error)
  }
}

function stoppedBy(error: unknown): ReadOutcome {
  if (!isAppError(error)) throw error
  const wait = error.meta?.['retry_after_s']
  return {
    kind: 'stopped',
    code: error.code,
    detail: error.detail,
    retryAfterS: typeof wait === 'number' ? wait : null,
  }
}
