import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { AppError } from '../../lib/app-error.ts'
import { deletedWhenMissing } from '../deleted-when-missing.ts'
import type { BitbucketOpening, Fetched, ItemRef, TrackerItem } from '../tracker.ts'
import { isClosed } from './issue-states.ts'
import { type RemoteIssue, remote, remoteIssue } from './schema.ts'

/** The tracker of one repository: `base` is the path of its issues. */
export type IssuePlace = BitbucketOpening & { repositoryPath: string; base: string }

export function issuePath(place: IssuePlace, item: ItemRef): string {
  return `${place.base}/${remote.parse(item.remote).issue}`
}

/** Asked after a 404: an issue is only believed to be deleted when its repository is seen, with the tracker switched on. */
export async function requireIssueTracker(place: IssuePlace): Promise<void> {
  const { hasIssues } = await requireVisibleRepository(place)
  if (hasIssues) return
  throw new AppError(
    'remote_forbidden',
    'The issue tracker of this repository is switched off, so nobody can tell what became of the issue. Nothing is taken for deleted; the work waits. Switch the tracker on again in the settings of the repository.',
  )
}

/** `confirm` stands in for the look at the repository where many issues are asked for in a row. */
export async function fetchIssue(
  place: IssuePlace,
  item: ItemRef,
  confirm: () => Promise<unknown> = () => requireIssueTracker(place),
): Promise<Fetched<TrackerItem>> {
  return deletedWhenMissing(async () => {
    const call = { what: 'read an issue', lane: place.lane, schema: remoteIssue }
    return { kind: 'found' as const, value: toItem(await place.client.get(issuePath(place, item), call)) }
  }, confirm)
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
