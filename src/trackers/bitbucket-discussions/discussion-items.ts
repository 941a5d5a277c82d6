import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import type { ItemContent } from '../../domain/item-text.ts'
import { composeItemBody, composeTaskText } from '../../domain/item-text.ts'
import { type Marker, markerKey, parseMarker } from '../../domain/message-text.ts'
import { severities } from '../../domain/severity.ts'
import { isAppError } from '../../lib/app-error.ts'
import { commentListFields, containsQuery, type RemoteComment, remoteComment } from '../bitbucket-comment.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { Fetched, ItemTarget, TrackerItem } from '../tracker.ts'
import { type DiscussionPlace, remoteIdOf, subjectPath } from './discussion-place.ts'
import {
  type PullRequestPlace,
  type Remote,
  type RemoteTask,
  remote,
  remoteTask,
  settings,
  type Target,
  target,
} from './schema.ts'

type Wish = { target: ItemTarget; content: ItemContent; marker: Marker; begun: TrackerItem | undefined }

/** Looks for the thread that carries the marker, on each pull request or commit it may have been put on. */
export async function findDiscussion(
  place: DiscussionPlace,
  { marker, targets }: { marker: Marker; targets: readonly ItemTarget[] },
): Promise<TrackerItem | undefined> {
  const key = markerKey(marker)
  const query = { q: containsQuery(key), pagelen: 50, fields: commentListFields }
  const call = { what: 'search the comments', lane: place.lane, schema: remoteComment, query }
  for (const { remote: stored } of targets) {
    const put = target.parse(stored)
    for await (const page of place.client.pages(`${subjectPath(place, withComment(put, 0))}/comments`, call))
      for (const comment of page.values) {
        const found = parseMarker(comment.content?.raw ?? '')
        if (comment.deleted === true || found === undefined || markerKey(found) !== key) continue
        const at = withComment(put, comment.id)
        if (at.kind === 'commit') return toDiscussion(comment, at, undefined)
        const task = await findTask(place, at)
        return toDiscussion(comment, { ...at, task: task?.id ?? null }, task)
      }
  }
  return undefined
}

/** Makes the thread and, on a pull request, the task of what must be fixed; goes on where an earlier attempt stopped. */
export async function createDiscussion(place: DiscussionPlace, wish: Wish): Promise<TrackerItem> {
  if (wish.begun === undefined) {
    const { at, comment } = await createThread(place, wish)
    if (at.kind === 'commit' || !isMustFix(place, wish.content)) return toDiscussion(comment, at, undefined)
    const task = await createTask(place, at, wish.content)
    return toDiscussion(comment, { ...at, task: task.id }, task)
  }
  const at = remote.parse(wish.begun.remote)
  const isDone = at.kind === 'commit' || !isMustFix(place, wish.content)
  const done = isDone ? at : { ...at, task: (await ensureTask(place, at, wish.content)).id }
  const now = await fetchDiscussion(place, done)
  if (now.kind === 'found') return now.value
  return { remoteId: remoteIdOf(done), remote: done, url: '', version: '', state: 'open', remoteState: 'deleted' }
}

/** The thread's first comment and its task, as they are now. */
export async function fetchDiscussion(place: DiscussionPlace, at: Remote): Promise<Fetched<TrackerItem>> {
  const { client, lane } = place
  const read = async (): Promise<Fetched<TrackerItem>> => {
    const call = { what: 'read a comment', lane, schema: remoteComment }
    const comment = await client.get(`${subjectPath(place, at)}/comments/${at.comment}`, call)
    if (comment.deleted === true) return { kind: 'deleted' }
    const task = at.kind === 'pull_request' && at.task !== null ? await fetchTask(place, at, at.task) : undefined
    return { kind: 'found', value: toDiscussion(comment, at, task) }
  }
  return deletedWhenMissing(read, () => requireVisibleRepository(place))
}

/** A thread is closed when it is resolved and its task is done; a comment on a commit has no state. */
export function toDiscussion(comment: RemoteComment, at: Remote, task: RemoteTask | undefined): TrackerItem {
  const isResolved = comment.resolution !== undefined && comment.resolution !== null
  const isDone = task?.state === 'RESOLVED'
  const base = {
    remoteId: remoteIdOf(at),
    remote: at,
    url: comment.links?.html?.href ?? '',
    version: [comment.updated_on ?? comment.created_on, isResolved, task?.state ?? '-'].join(' '),
  }
  if (at.kind === 'commit') return { ...base, state: null, remoteState: 'commented' }
  if (task !== undefined && isResolved !== isDone) {
    const remoteState = isResolved ? 'resolved, but its task is not done' : 'open, but its task is done'
    return { ...base, state: 'mixed', remoteState }
  }
  return isResolved
    ? { ...base, state: 'closed', remoteState: 'resolved' }
    : { ...base, state: 'open', remoteState: 'open' }
}

type Thread = { at: Remote; comment: RemoteComment }

async function createThread(place: DiscussionPlace, { target: chosen, content, marker }: Wish): Promise<Thread> {
  const put = target.parse(chosen.remote)
  const kind = put.kind === 'commit' ? ('commit_comment' as const) : ('pull_request_thread' as const)
  const body = { content: { raw: composeItemBody(content, { kind, marker }) } }
  const call = { what: 'write a comment', lane: place.lane, schema: remoteComment }
  const path = `${subjectPath(place, withComment(put, 0))}/comments`
  const write = async (inline?: { path: string; from?: number; to?: number }): Promise<Thread> => {
    const where = inline === undefined ? {} : { inline }
    const comment = await place.client.post(path, { ...call, body: { ...body, ...where } })
    return { at: withComment(put, comment.id), comment }
  }
  if (put.path === null || put.line === null) return write()
  try {
    const isRemoved = put.kind === 'pull_request' && put.side === 'old'
    return await write({ path: put.path, ...(isRemoved ? { from: put.line } : { to: put.line }) })
  } catch (error) {
    // The line is not in that commit's diff, or not any more: the comment then stands on the commit itself.
    if (put.kind !== 'commit' || !isAppError(error, 'remote_refused')) throw error
    return write()
  }
}

function withComment(put: Target, comment: number): Remote {
  if (put.kind === 'commit') return { kind: 'commit', commit: put.commit, comment }
  return { kind: 'pull_request', pull_request: put.pull_request, comment, task: null }
}

/** A task can keep a pull request from being merged: only what the route calls so gets one. */
function isMustFix(place: DiscussionPlace, { severity }: ItemContent): boolean {
  const { must_fix: least = 'high' } = settings.parse(place.settings)
  return severities.indexOf(severity) <= severities.indexOf(least)
}

async function ensureTask(place: DiscussionPlace, at: PullRequestPlace, content: ItemContent): Promise<RemoteTask> {
  const known = await findTask(place, at)
  return known ?? createTask(place, at, content)
}

function createTask(place: DiscussionPlace, at: PullRequestPlace, content: ItemContent): Promise<RemoteTask> {
  const body = { content: { raw: composeTaskText(content) }, comment: { id: at.comment } }
  const call = { what: 'create a task', lane: place.lane, schema: remoteTask, body }
  return place.client.post(`${subjectPath(place, at)}/tasks`, call)
}

async function findTask(place: DiscussionPlace, at: PullRequestPlace): Promise<RemoteTask | undefined> {
  const call = { what: 'list the tasks', lane: place.lane, schema: remoteTask, query: { pagelen: 100 } }
  for await (const page of place.client.pages(`${subjectPath(place, at)}/tasks`, call)) {
    const found = page.values.find((task) => task.comment?.id === at.comment)
    if (found !== undefined) return found
  }
  return undefined
}

/** undefined when somebody deleted the task: the thread then speaks alone. */
async function fetchTask(place: DiscussionPlace, at: PullRequestPlace, task: number): Promise<RemoteTask | undefined> {
  try {
    const call = { what: 'read a task', lane: place.lane, schema: remoteTask }
    return await place.client.get(`${subjectPath(place, at)}/tasks/${task}`, call)
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) return undefined
    throw error
  }
}
