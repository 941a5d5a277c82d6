import * as z from 'zod'
import type { BitbucketClient } from '../../../bitbucket/client.ts'
import { requestTasks, taskRecord } from '../../../bitbucket/readers/tasks.ts'
import { repositoryPathOf } from '../../../bitbucket/require-visible-repository.ts'
import { isAppError } from '../../../lib/app-error.ts'
import { addFeedRequests } from '../../../store/delivery/feeds.ts'
import {
  leaveTasks,
  listWantedTasks,
  recordTaskKeys,
  type WantedTasks,
} from '../../../store/delivery/pull-request-tasks.ts'
import type { ConnectionKey } from '../../../store/remotes/connections.ts'
import type { ReadingDeps } from './reading-deps.ts'

/** In one reading of a connection, so that tasks never take an hour's requests from the feeds. */
const tasksAtOnce = 50

/** Refusals that are the pull request's own; anything else stops the whole reading. */
const refusals = [
  'scope_missing',
  'remote_forbidden',
  'remote_not_found',
  'remote_gone',
  'remote_refused',
  'remote_invalid_answer',
] as const

/**
 * Reads the tasks of pull requests that changed since they were first read: one request for each hundred, and none for a
 * pull request without tasks. Throws as the client does for what stops everything.
 */
export async function readTasks(
  deps: ReadingDeps,
  { isOver, ...key }: ConnectionKey & { isOver: () => boolean },
): Promise<void> {
  const wanted = await listWantedTasks(deps.db, { ...key, limit: tasksAtOnce })
  if (wanted.length === 0) return
  const { organizationId } = key
  let requests = 0
  const onRequest = (): void => {
    requests += 1
  }
  const { client } = await deps.connect({ ...key, onRequest })
  for (const one of wanted) {
    if (isOver()) return
    requests = 0
    try {
      await readOne(deps, { client, organizationId, wanted: one })
    } finally {
      await addFeedRequests(deps.db, { organizationId, feedId: one.feedId, count: requests })
    }
  }
}

type One = { client: BitbucketClient; organizationId: string; wanted: WantedTasks }

async function readOne({ db, log }: ReadingDeps, { client, organizationId, wanted }: One): Promise<void> {
  const { path, ...request } = requestTasks(repositoryPathOf(wanted), wanted.number)
  try {
    const tasks = []
    for await (const { values } of client.pages(path, { ...request, lane: 'collect', schema: z.unknown() })) {
      const read = values.map((value) => taskRecord.safeParse(value))
      tasks.push(...read.flatMap((one) => (one.success ? [one.data] : [])))
    }
    await recordTaskKeys(db, { organizationId, wanted, tasks })
  } catch (error) {
    if (!refusals.some((code) => isAppError(error, code))) throw error
    log.info({ pull_request_id: wanted.pullRequestId, err: error }, 'the tasks of a pull request could not be read')
    await leaveTasks(db, { organizationId, wanted })
  }
}
