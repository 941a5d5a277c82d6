import { commentListFields, remoteComment, sinceQuery, toTrackerComment } from '../bitbucket-comment.ts'
import type { ItemRef, TrackerChange } from '../tracker.ts'
import { listFiles } from './issue-files.ts'
import { fetchIssue, type IssuePlace, issuePath, requireIssueTracker, toItem } from './issue-place.ts'
import { issueListFields, remoteIssue } from './schema.ts'

/** As many items as are read by themselves in a full pass: a repository may have a hundred pages of issues that are none of ours. */
const askedForOneByOne = 3

/**
 * One listing for the repository tells which issues changed; only their comments are read. A full pass reads all issues
 * and the comments of each, since Bitbucket leaves no trace of what was deleted.
 */
export async function listIssueChanges(
  place: IssuePlace,
  { items, since, full }: { items: readonly ItemRef[]; since: Date; full: boolean },
): Promise<TrackerChange[]> {
  if (full && items.length <= askedForOneByOne) return readEach(place, items)
  const changes: TrackerChange[] = []
  const wanted = new Map(items.map((item) => [item.remoteId, item]))
  const changed = new Map<string, ItemRef>()
  const query = {
    fields: issueListFields,
    pagelen: 100,
    sort: 'updated_on',
    q: full ? undefined : sinceQuery(since),
  }
  const call = { what: 'list the issues', lane: place.lane, schema: remoteIssue, query }
  for await (const page of place.client.pages(place.base, call))
    for (const issue of page.values) {
      const item = toItem(issue)
      const known = wanted.get(item.remoteId)
      if (known === undefined) continue
      changed.set(item.remoteId, known)
      const value = { ...item, files: await listFiles(place, item) }
      changes.push({ kind: 'item', remoteId: item.remoteId, item: { kind: 'found', value } })
    }
  for (const item of changed.values()) changes.push(...(await listIssueComments(place, item, full ? undefined : since)))
  if (!full) return changes
  return [
    ...changes,
    ...(await lookForUnlisted(
      place,
      items.filter((item) => !changed.has(item.remoteId)),
    )),
  ]
}

async function readEach(place: IssuePlace, items: readonly ItemRef[]): Promise<TrackerChange[]> {
  const changes: TrackerChange[] = []
  for (const change of await lookForUnlisted(place, items)) {
    if (change.kind !== 'item' || change.item.kind === 'deleted') {
      changes.push(change)
      continue
    }
    const { value } = change.item
    const files = await listFiles(place, value)
    changes.push({ ...change, item: { kind: 'found', value: { ...value, files } } })
    changes.push(...(await listIssueComments(place, value, undefined)))
  }
  return changes
}

/** What the listing does not show may be deleted, or hidden for a moment: asked for by its number. */
async function lookForUnlisted(place: IssuePlace, items: readonly ItemRef[]): Promise<TrackerChange[]> {
  const changes: TrackerChange[] = []
  let isAnyMissing = false
  const noteMissing = async () => {
    isAnyMissing = true
  }
  for (const item of items)
    changes.push({ kind: 'item', remoteId: item.remoteId, item: await fetchIssue(place, item, noteMissing) })
  // After the last 404, so that one look vouches for all of them.
  if (isAnyMissing) await requireIssueTracker(place)
  return changes
}

async function listIssueComments(place: IssuePlace, item: ItemRef, since: Date | undefined): Promise<TrackerChange[]> {
  const changes: TrackerChange[] = []
  const commentIds: string[] = []
  const { remoteId } = item
  const query = { pagelen: 100, q: since === undefined ? undefined : sinceQuery(since), fields: commentListFields }
  const call = { what: 'list the comments of an issue', lane: place.lane, schema: remoteComment, query }
  for await (const page of place.client.pages(`${issuePath(place, item)}/comments`, call))
    for (const found of page.values) {
      const commentId = String(found.id)
      const comment = toTrackerComment(found)
      if (comment.kind === 'found') commentIds.push(commentId)
      changes.push({ kind: 'comment', remoteId, commentId, comment })
    }
  if (since === undefined) changes.push({ kind: 'comments', remoteId, commentIds })
  return changes
}
