import { deletedWhenMissing } from '../bitbucket-comment.ts'
import type { Fetched, ItemRef, OpenTrackerInput, TrackerItem } from '../tracker.ts'
import { isClosed } from './issue-states.ts'
import { type RemoteIssue, remote, remoteIssue } from './schema.ts'

/** The tracker of one repository: `base` is the path of its issues. */
export type IssuePlace = OpenTrackerInput & { base: string }

export function issuePath(place: IssuePlace, item: ItemRef): string {
  return `${place.base}/${remote.parse(item.remote).issue}`
}

export async function fetchIssue(place: IssuePlace, item: ItemRef): Promise<Fetched<TrackerItem>> {
  return deletedWhenMissing(async () => {
    const call = { what: 'read an issue', lane: place.lane, schema: remoteIssue }
    return { kind: 'found' as const, value: toItem(await place.client.get(issuePath(place, item), call)) }
  })
}

export function toItem(issue: RemoteIssue): TrackerItem {
  return {
    remoteId: String(issue.id),
    remote: { issue: issue.id },
    url: issue.links.html.href,
    version: issue.updated_on,
    state: isClosed(issue.state) ? 'closed' : 'open',
    remoteState: issue.state,
  }
}
