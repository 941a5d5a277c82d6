import type { Sendable, SendRoute } from '../../store/sync/sendable.ts'
import { hasIssueTracker } from './refuse-send.ts'
import { routeFor } from './route-for.ts'

/** What decides which tracker something goes to. */
export type ChoiceFacts = Pick<Sendable, 'asset_id' | 'branch' | 'has_issues' | 'host_has_issues'>
export type TrackerChoice = { tracker: string; route: SendRoute | undefined }

/** What the route says; a tracker somebody names has its own routes, by the same precedence. */
export function chooseTracker(
  row: ChoiceFacts,
  { routes, tracker }: { routes: readonly SendRoute[]; tracker: string | undefined },
): TrackerChoice {
  const of = { assetId: row.asset_id, branch: row.branch }
  if (tracker !== undefined) {
    const own = routes.filter((route) => route.tracker === tracker)
    return { tracker, route: routeFor(own, of) }
  }
  const route = routeFor(routes, of)
  return { tracker: route?.tracker ?? defaultTracker(row), route }
}

function defaultTracker(row: Pick<Sendable, 'has_issues' | 'host_has_issues'>): string {
  return hasIssueTracker(row) ? 'bitbucket-issues' : 'bitbucket-discussions'
}
