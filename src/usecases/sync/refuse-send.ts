import { isOpen } from '../../domain/status.ts'
import type { Sendable, SendRoute } from '../../store/sync/sendable.ts'
import { findTracker } from '../../trackers/registry.ts'
import type { BitbucketTracker, JiraTracker } from '../../trackers/tracker.ts'

/** What decides whether a vulnerability can be sent. Without a repository the fields from `remote_uuid` on are null. */
export type SendFacts = Pick<
  Sendable,
  | 'status'
  | 'merged_into'
  | 'asset_name'
  | 'remote_uuid'
  | 'workspace_uuid'
  | 'main_branch'
  | 'has_issues'
  | 'repository_state'
  | 'connection_name'
  | 'connection_state'
  | 'host_has_issues'
>

/** Why a vulnerability cannot be sent to a tracker now, in a sentence for people; undefined when it can. */
export function refuseSend(
  facts: SendFacts,
  to: { tracker: string; route: SendRoute | undefined },
): string | undefined {
  if (facts.merged_into !== null) return 'It was merged into another vulnerability.'
  if (!isOpen(facts.status)) return `It is ${facts.status.replaceAll('_', ' ')}: only open vulnerabilities are sent.`
  const tracker = findTracker(to.tracker)
  if (tracker === undefined) return `There is no tracker called ${to.tracker}.`
  switch (tracker.connectionKind) {
    case 'bitbucket':
      return refuseRepository(facts, tracker)
    case 'jira':
      return refuseSite(tracker, to.route)
    default:
      return tracker satisfies never
  }
}

function refuseRepository(facts: SendFacts, tracker: BitbucketTracker): string | undefined {
  if (facts.remote_uuid === null) return `The asset ${facts.asset_name} has no repository: connect one first.`
  if (facts.connection_state === null || facts.connection_state === 'disconnected')
    return `The connection ${facts.connection_name ?? ''} is disconnected: connect it again first.`
  if (facts.repository_state === 'gone') return 'The repository is gone from Bitbucket.'
  const availability = tracker.describeAvailability({
    remoteUuid: facts.remote_uuid,
    workspaceUuid: facts.workspace_uuid ?? '',
    mainBranch: facts.main_branch,
    hasIssues: hasIssueTracker(facts),
  })
  return availability.available ? undefined : availability.reason
}

function refuseSite({ title }: JiraTracker, route: SendRoute | undefined): string | undefined {
  if (route === undefined || route.connection_id === null)
    return `No route says where in ${title} it belongs: set one on the Routes page first.`
  if (route.connection_state === 'disconnected')
    return `The connection ${route.connection_name ?? ''} is disconnected: connect it again first.`
  return undefined
}

/** Both have to say so: the flag of a repository may still stand where the host has withdrawn its trackers. */
export function hasIssueTracker(facts: Pick<SendFacts, 'has_issues' | 'host_has_issues'>): boolean {
  return facts.has_issues === true && facts.host_has_issues !== false
}

/** Said of a vulnerability that has a live item in the tracker. */
export const sentAlready = 'It has an item already.'
