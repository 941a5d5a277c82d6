import * as z from 'zod'
import type { Status } from '../../domain/status.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Fetched, TrackerItem } from '../tracker.ts'
import { wantedState } from '../wanted-state.ts'
import { fetchDiscussion } from './discussion-items.ts'
import { type DiscussionPlace, subjectPath } from './discussion-place.ts'
import { type PullRequestPlace, type Remote, remoteTask } from './schema.ts'

/** Resolves or reopens the thread and its task. A comment on a commit has no state: it is only looked at. */
export async function pushDiscussionState(
  place: DiscussionPlace,
  at: Remote,
  status: Status,
): Promise<Fetched<TrackerItem>> {
  const now = await fetchDiscussion(place, at)
  const wanted = wantedState(status)
  if (now.kind === 'deleted' || wanted === null || at.kind === 'commit' || now.value.state === wanted) return now
  try {
    if (wanted === 'closed') await resolve(place, at)
    else await reopen(place, at)
    if (at.task !== null) await setTask(place, at, wanted === 'closed' ? 'RESOLVED' : 'UNRESOLVED')
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    const again = await fetchDiscussion(place, at)
    // Deleted between our look and our change; still there, it may be this change that is not known any more.
    if (again.kind === 'found') throw error
    return again
  }
  return fetchDiscussion(place, at)
}

async function resolve(place: DiscussionPlace, at: PullRequestPlace): Promise<void> {
  const path = `${subjectPath(place, at)}/comments/${at.comment}/resolve`
  try {
    await place.client.post(path, { what: 'resolve a thread', lane: place.lane, schema: z.unknown() })
  } catch (error) {
    // 409: somebody was faster, and it is resolved.
    if (!(error instanceof AppError && error.meta?.['remote_status'] === 409)) throw error
  }
}

async function reopen(place: DiscussionPlace, at: PullRequestPlace): Promise<void> {
  const path = `${subjectPath(place, at)}/comments/${at.comment}/resolve`
  try {
    await place.client.delete(path, { what: 'reopen a thread', lane: place.lane })
  } catch (error) {
    // 404: it is not resolved.
    if (!isAppError(error, 'remote_not_found')) throw error
  }
}

async function setTask(place: DiscussionPlace, at: PullRequestPlace, state: 'RESOLVED' | 'UNRESOLVED'): Promise<void> {
  try {
    const call = { what: 'change a task', lane: place.lane, schema: remoteTask, body: { state } }
    await place.client.put(`${subjectPath(place, at)}/tasks/${at.task}`, call)
  } catch (error) {
    // A task somebody deleted is a task nobody wants.
    if (!isAppError(error, 'remote_not_found')) throw error
  }
}
