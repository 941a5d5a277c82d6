import * as z from 'zod'
import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import {
  commentListFields,
  deletedWhenMissing,
  type RemoteComment,
  remoteComment,
  sinceQuery,
  toTrackerComment,
} from '../bitbucket-comment.ts'
import type { ItemRef, TrackerChange } from '../tracker.ts'
import { toDiscussion } from './discussion-items.ts'
import { type DiscussionPlace, subjectPath } from './discussion-place.ts'
import { type Remote, type RemoteTask, remote, remoteTask } from './schema.ts'

type Wish = { items: readonly ItemRef[]; since: Date; full: boolean }
type Known = { item: ItemRef; at: Remote }

/**
 * One listing tells which pull requests changed; of those that hold threads of ours all comments and tasks are read,
 * a request or two each. Commits have no such listing: each commented commit is one request.
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
  const listed = await deletedWhenMissing(
    async () => ({ kind: 'found', value: await readAll(place, path) }),
    noteMissing,
  )
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

function toCommentChanges(remoteId: string, replies: readonly RemoteComment[], wish: Wish): TrackerChange[] {
  const recent = replies.filter((one) => wish.full || new Date(one.updated_on ?? one.created_on) >= wish.since)
  const changes = recent.map((one): TrackerChange => {
    return { kind: 'comment', remoteId, commentId: String(one.id), comment: toTrackerComment(one) }
  })
  if (!wish.full) return changes
  const commentIds = replies.filter((one) => one.deleted !== true).map((one) => String(one.id))
  return [...changes, { kind: 'comments', remoteId, commentIds }]
}

async function readAll(place: DiscussionPlace, path: string) {
  const comments = new Map<number, RemoteComment>()
  const { client, lane } = place
  const query = { pagelen: 100, fields: commentListFields }
  for await (const page of client.pages(`${path}/comments`, {
    what: 'list the comments',
    lane,
    schema: remoteComment,
    query,
  }))
    for (const comment of page.values) comments.set(comment.id, comment)
  const tasks: RemoteTask[] = []
  if (path.startsWith(`${place.repositoryPath}/pullrequests/`)) {
    const call = { what: 'list the tasks', lane, schema: remoteTask, query: { pagelen: 100 } }
    for await (const page of client.pages(`${path}/tasks`, call)) tasks.push(...page.values)
  }
  return { comments, tasks }
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
