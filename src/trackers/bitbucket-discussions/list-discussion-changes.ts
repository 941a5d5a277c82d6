import * as z from 'zod'
import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { isAppError } from '../../lib/app-error.ts'
import {
  commentListFields,
  type RemoteComment,
  remoteComment,
  sinceQuery,
  toTrackerComment,
} from '../bitbucket-comment.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { ItemRef, TrackerChange } from '../tracker.ts'
import { toDiscussion } from './discussion-items.ts'
import { type DiscussionPlace, subjectPath } from './discussion-place.ts'
import { type Remote, type RemoteTask, remote, remoteTask } from './schema.ts'

type Wish = { items: readonly ItemRef[]; since: Date; full: boolean }
type Known = { item: ItemRef; at: Remote }

/** Threads of one pull request or commit that are named in a query; beyond that all its comments are read. */
const namedAtMost = 50

/**
 * One listing tells which pull requests changed; of those that hold threads of ours what is new is read, with their tasks,
 * a request or two each. Commits have no such listing: each commented commit is one request. A full pass reads all comments.
 */
export async function listDiscussionChanges(place: DiscussionPlace, wish: Wish): Promise<TrackerChange[]> {
  const known = wish.items.map((item) => ({ item, at: remote.parse(item.remote) }))
  const bySubject = Map.groupBy(known, ({ at }) => subjectPath(place, at))
  const changedPullRequests = known.some(({ at }) => at.kind === 'pull_request')
    ? await listChangedPullRequests(place, wish)
    : new Set<number>()
  const changes: TrackerChange[] = []
  let isAnyMissing = false
  const noteMissing = async () => {
    isAnyMissing = true
  }
  for (const [path, threads] of bySubject) {
    const first = threads[0]?.at
    if (first?.kind === 'pull_request' && !wish.full && !changedPullRequests.has(first.pull_request)) continue
    changes.push(...(await readSubject(place, { path, threads, wish, noteMissing })))
  }
  // After the last 404, so that one look vouches for all of them.
  if (isAnyMissing) await requireVisibleRepository(place)
  return changes
}

async function listChangedPullRequests(place: DiscussionPlace, { since, full }: Wish): Promise<Set<number>> {
  if (full) return new Set()
  const found = new Set<number>()
  const query = {
    state: ['OPEN', 'MERGED', 'DECLINED', 'SUPERSEDED'],
    q: sinceQuery(since),
    sort: '-updated_on',
    pagelen: 50,
    fields: 'next,values.id',
  }
  const schema = z.object({ id: z.number().int() })
  const call = { what: 'list the pull requests', lane: place.lane, schema, query }
  for await (const page of place.client.pages(`${place.repositoryPath}/pullrequests`, call))
    for (const pullRequest of page.values) found.add(pullRequest.id)
  return found
}

type Subject = { path: string; threads: readonly Known[]; wish: Wish; noteMissing: () => Promise<void> }

async function readSubject(
  place: DiscussionPlace,
  { path, threads, wish, noteMissing }: Subject,
): Promise<TrackerChange[]> {
  const listed = await deletedWhenMissing(async () => {
    const recent = wish.full ? undefined : await readRecent(place, { path, threads, since: wish.since })
    const comments = recent ?? (await readComments(place, path))
    return { kind: 'found', value: { comments, tasks: await readTasks(place, path) } }
  }, noteMissing)
  // The pull request or commit itself is gone: all its threads look deleted; the caller decides what to believe.
  if (listed.kind === 'deleted')
    return threads.map(({ item }) => ({ kind: 'item', remoteId: item.remoteId, item: { kind: 'deleted' } }))
  const { comments, tasks } = listed.value
  const roots = findRoots(comments)
  return threads.flatMap(({ item, at }) => {
    const { remoteId } = item
    const root = comments.get(at.comment)
    if (root === undefined || root.deleted === true)
      return [{ kind: 'item' as const, remoteId, item: { kind: 'deleted' as const } }]
    const task = at.kind === 'pull_request' ? tasks.find((one) => one.id === at.task) : undefined
    const now = { kind: 'found' as const, value: toDiscussion(root, at, task) }
    const replies = [...comments.values()].filter((one) => one.id !== at.comment && roots.get(one.id) === at.comment)
    return [{ kind: 'item' as const, remoteId, item: now }, ...toCommentChanges(remoteId, replies, wish)]
  })
}

type Comments = ReadonlyMap<number, RemoteComment>
type Recent = { path: string; threads: readonly Known[]; since: Date }

/**
 * What is new, with the first comments of the threads, so that one that is gone is seen to be; undefined where all has to
 * be read: for an answer to an answer, whose thread older comments would tell, or a host that does not take the question.
 */
async function readRecent(place: DiscussionPlace, { path, threads, since }: Recent): Promise<Comments | undefined> {
  if (threads.length > namedAtMost) return undefined
  const q = `${sinceQuery(since)} OR id IN (${threads.map(({ at }) => at.comment).join(', ')})`
  try {
    const comments = await readComments(place, path, q)
    const isWhole = [...comments.values()].every(({ parent }) => !parent || comments.has(parent.id))
    return isWhole ? comments : undefined
  } catch (error) {
    if (isAppError(error, 'remote_refused')) return undefined
    throw error
  }
}

function toCommentChanges(remoteId: string, replies: readonly RemoteComment[], wish: Wish): TrackerChange[] {
  const recent = replies.filter((one) => wish.full || new Date(one.updated_on ?? one.created_on) >= wish.since)
  const changes = recent.map((one): TrackerChange => {
    return { kind: 'comment', remoteId, commentId: String(one.id), comment: toTrackerComment(one) }
  })
  if (!wish.full) return changes
  const commentIds = replies.filter((one) => one.deleted !== true).map((one) => String(one.id))
  return [...changes, { kind: 'comments', remoteId, commentIds }]
}

async function readComments({ client, lane }: DiscussionPlace, path: string, q?: string): Promise<Comments> {
  const comments = new Map<number, RemoteComment>()
  const query = { pagelen: 100, fields: commentListFields, q }
  const call = { what: 'list the comments', lane, schema: remoteComment, query }
  for await (const page of client.pages(`${path}/comments`, call))
    for (const comment of page.values) comments.set(comment.id, comment)
  return comments
}

async function readTasks({ client, lane, repositoryPath }: DiscussionPlace, path: string): Promise<RemoteTask[]> {
  const tasks: RemoteTask[] = []
  if (!path.startsWith(`${repositoryPath}/pullrequests/`)) return tasks
  const call = { what: 'list the tasks', lane, schema: remoteTask, query: { pagelen: 100 } }
  for await (const page of client.pages(`${path}/tasks`, call)) tasks.push(...page.values)
  return tasks
}

/** First comment of the thread each comment belongs to. */
function findRoots(comments: ReadonlyMap<number, RemoteComment>): Map<number, number> {
  const roots = new Map<number, number>()
  for (const comment of comments.values()) {
    let root = comment
    // Bounded: a circle would be the remote's mistake, and not ours to spin in.
    for (let step = 0; step < comments.size; step++) {
      const parent = root.parent === null || root.parent === undefined ? undefined : comments.get(root.parent.id)
      if (parent === undefined) break
      root = parent
    }
    roots.set(comment.id, root.id)
  }
  return roots
}
