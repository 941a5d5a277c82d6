import * as z from 'zod'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Fetched, ItemState, TrackerItem } from '../tracker.ts'
import { fetchDiscussion } from './discussion-items.ts'
import { type DiscussionPlace, remoteIdOf, subjectPath } from './discussion-place.ts'
import { type PullRequestPlace, type Remote, remoteTask } from './schema.ts'

/**
 * Resolves or reopens the thread and its task, without a look before: doing it again does nothing. A comment on a commit
 * has no state: it is only looked at.
 */
export async function pushDiscussionState(
  place: DiscussionPlace,
  at: Remote,
  wanted: ItemState | null,
): Promise<Fetched<TrackerItem>> {
  if (wanted === null || at.kind === 'commit') return fetchDiscussion(place, at)
  try {
    if (!(await change(place, at, wanted))) return { kind: 'deleted' }
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    const again = await fetchDiscussion(place, at)
    // Deleted between our look and our change; or hidden just then, and seen again.
    if (again.kind === 'deleted' || !(await change(place, at, wanted))) return { kind: 'deleted' }
  }
  const remoteState = wanted === 'closed' ? 'resolved' : 'open'
  return {
    kind: 'found',
    value: { remoteId: remoteIdOf(at), remote: at, url: '', version: '', state: wanted, remoteState },
  }
}

/** Answers false when the thread is gone. */
async function change(place: DiscussionPlace, at: PullRequestPlace, wanted: ItemState): Promise<boolean> {
  if (wanted === 'closed') await resolve(place, at)
  else if (!(await reopen(place, at))) {
    const now = await fetchDiscussion(place, at)
    if (now.kind === 'deleted') return false
    // Not resolved is answered like not there, and like hidden just then.
    if (now.value.remoteState.startsWith('resolved')) await reopen(place, at)
  }
  if (at.task !== null) await setTask(place, at, wanted === 'closed' ? 'RESOLVED' : 'UNRESOLVED')
  return true
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

/** Answers false when nothing answers to it: it is not resolved, or not there. */
async function reopen(place: DiscussionPlace, at: PullRequestPlace): Promise<boolean> {
  const path = `${subjectPath(place, at)}/comments/${at.comment}/resolve`
  try {
    await place.client.delete(path, { what: 'reopen a thread', lane: place.lane })
    return true
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    return false
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
