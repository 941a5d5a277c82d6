import * as z from 'zod'
import { isAppError } from '../../lib/app-error.ts'
import type { ItemRef, TrackerChange } from '../tracker.ts'
import { listComments, readComments } from './jira-comments.ts'
import { fetchIssue, type JiraPlace, requireProjectOf } from './jira-place.ts'
import { remote } from './schema.ts'
import { searchIssues } from './search-issues.ts'

type Wish = { items: readonly ItemRef[]; since: Date; full: boolean }

/**
 * One search names what changed on the whole site, wherever an issue was moved to; of ours, each is read with its
 * comments, as the index may be behind. A full pass reads every item.
 */
export async function listJiraChanges(place: JiraPlace, { items, since, full }: Wish): Promise<TrackerChange[]> {
  const changed = full ? items : await listChanged(place, items, since)
  const changes: TrackerChange[] = []
  const missing = new Map<string, ItemRef>()
  for (const item of changed) {
    const seen = await fetchIssue(place, item, async () => {
      missing.set(remote.parse(item.remote).project, item)
    })
    changes.push({ kind: 'item', remoteId: item.remoteId, item: seen })
    if (seen.kind === 'found') changes.push(...(await listCommentsOf(place, { item, since, full })))
  }
  // After the last 404, so that one look vouches for all of a project.
  for (const item of missing.values()) await requireProjectOf(place, item)
  return changes
}

const bare = z.object({ id: z.string() })

async function listChanged(place: JiraPlace, items: readonly ItemRef[], since: Date): Promise<ItemRef[]> {
  const [first] = items
  if (first === undefined) return []
  // Counted back from Jira's own now: a date would be read in the time zone of the account, and by its clock.
  const minutes = Math.max(1, Math.ceil((place.clock().getTime() - since.getTime()) / 60_000) + 1)
  const search = { jql: `updated >= "-${minutes}m" ORDER BY updated ASC`, fields: ['id'], schema: bare, pageSize: 5000 }
  const ids = new Set<string>()
  try {
    for await (const issues of searchIssues(place, search)) for (const { id } of issues) ids.add(id)
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) await requireProjectOf(place, first)
    throw error
  }
  return items.filter(({ remoteId }) => ids.has(remoteId))
}

async function listCommentsOf(
  place: JiraPlace,
  { item, since, full }: { item: ItemRef; since: Date; full: boolean },
): Promise<TrackerChange[]> {
  const { remoteId } = item
  const changes: TrackerChange[] = []
  const commentIds: string[] = []
  try {
    for await (const page of listComments(place, item)) {
      commentIds.push(...page.map(({ id }) => id))
      const changed = page.filter(({ updated }) => full || updated >= since).map(({ id }) => id)
      for (const comment of await readComments(place, changed))
        changes.push({ kind: 'comment', remoteId, commentId: comment.id, comment: { kind: 'found', value: comment } })
    }
  } catch (error) {
    // Deleted, or hidden, between two questions: the next look tells which.
    if (isAppError(error, 'remote_not_found')) return []
    throw error
  }
  return [...changes, { kind: 'comments', remoteId, commentIds }]
}
