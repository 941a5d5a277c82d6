import type { BitbucketEvent } from '../../bitbucket/event.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Db } from '../../store/db.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import type { RepositoryRow } from '../../store/remotes/repositories.ts'
import { type DefectRow, findDefectByRemoteId, listDefectsAtPlace } from '../../store/sync/defects.ts'
import { refreshAfterWebhook } from '../remotes/refresh-after-webhook.ts'
import { parseAgreed } from './agreed.ts'
import { receiveSummaryReply } from './commit-reports/receive-summary-reply.ts'
import { climbToThread, findKnownThread } from './find-thread.ts'
import { receiveComment, receiveState } from './receive-comment.ts'
import type { SyncDeps } from './sync-deps.ts'

/** `received`: it is taken up again in a few seconds. */
type Outcome =
  | { state: 'processed' | 'ignored'; outcome: string; vulnerabilityId?: string }
  | { state: 'received'; outcome: string }

export type HandleEventInput = {
  organizationId: string
  repository: RepositoryRow
  event: BitbucketEvent
  receivedAt: Date
  /** Marks the delivery in the transaction that carries its effect. */
  settleIn: (tx: Db, end: { outcome: string; changed: boolean; vulnerabilityId: string }) => Promise<void>
}

type Of<Kind extends BitbucketEvent['kind']> = Omit<HandleEventInput, 'event'> & {
  event: Extract<BitbucketEvent, { kind: Kind }>
}

/** Carries out what an event means for items of ours. The event is a hint; what counts is fetched. */
export async function handleEvent(deps: SyncDeps, input: HandleEventInput): Promise<Outcome> {
  const { event } = input
  switch (event.kind) {
    case 'comment':
      return handleComment(deps, { ...input, event })
    case 'issue':
      return handleIssue(deps, { ...input, event })
    case 'pull_request':
      return handlePullRequest(deps, { ...input, event })
    case 'push':
      return { state: 'ignored', outcome: 'A push changes nothing in the items Weir made.' }
    case 'repository':
      return handleRepository(deps, { ...input, event })
    default:
      return event satisfies never
  }
}

async function handleComment(
  deps: SyncDeps,
  { organizationId, repository, event, settleIn }: Of<'comment'>,
): Promise<Outcome> {
  const { item, commentId, parentId } = event
  const place = { organizationId, repository, item, commentId, parentId }
  const known = await findKnownThread(deps.db, place)
  // No comment is of a summary and of an item.
  const ofSummary =
    known === undefined ? await receiveSummaryReply(deps, { organizationId, repository, event }) : undefined
  if (ofSummary !== undefined) return ofSummary
  const connect = async () => (await deps.connect({ organizationId, connectionId: repository.connection_id })).client
  const thread = known ?? (await climbToThread(deps.db, connect, place))
  if (thread === undefined) return { state: 'ignored', outcome: 'The comment is about nothing that Weir made.' }
  const { defect } = thread
  const vulnerabilityId = defect.vulnerability_id
  const also = (tx: Db, end: { outcome: string; changed: boolean }) => settleIn(tx, { ...end, vulnerabilityId })
  const outcome =
    thread.kind === 'item'
      ? await receiveState(deps, {
          defect,
          actor: actorOf(event),
          lane: 'webhook',
          isCertain: event.change === 'deleted',
          told: toldState(event.change, defect),
          also,
        })
      : await receiveComment(deps, {
          defect,
          repository,
          commentId,
          lane: 'webhook',
          toldOf: toldTime(event),
          isCertain: event.change === 'deleted',
          also,
        })
  return { state: 'processed', outcome: outcome.outcome, vulnerabilityId }
}

/** What an event of a thread's first comment says of its state; null where that has to be read. */
function toldState(change: Of<'comment'>['event']['change'], { agreed }: DefectRow): string | null {
  switch (change) {
    // Ours, since we know its id: it says what we wrote.
    case 'created':
      return parseAgreed(agreed).remote_state ?? null
    case 'resolved':
      return 'resolved'
    case 'reopened':
      return 'open'
    case 'updated':
    case 'deleted':
      return null
    default:
      return change satisfies never
  }
}

/** A resolution is no text. */
function toldTime({ change, toldOf }: Of<'comment'>['event']): Date | null {
  return change === 'created' || change === 'updated' ? toldOf : null
}

async function handleIssue(
  deps: SyncDeps,
  { organizationId, repository, event, settleIn }: Of<'issue'>,
): Promise<Outcome> {
  const defect = await findDefectByRemoteId(deps.db, {
    organizationId,
    tracker: 'bitbucket-issues',
    containerId: repository.remote_uuid,
    remoteId: String(event.issueId),
  })
  if (defect === undefined) return { state: 'ignored', outcome: 'Weir did not make this issue.' }
  const vulnerabilityId = defect.vulnerability_id
  // What was said along with the change comes before the change.
  if (event.commentId !== null && event.hasWords)
    await receiveComment(deps, { defect, commentId: event.commentId, lane: 'webhook' })
  const outcome = await receiveState(deps, {
    defect,
    actor: actorOf(event),
    lane: 'webhook',
    isCertain: false,
    // Its creation was ours, and says what we wrote.
    told: event.change === 'created' ? (parseAgreed(defect.agreed).remote_state ?? null) : event.state,
    also: (tx, end) => settleIn(tx, { ...end, vulnerabilityId }),
  })
  return { state: 'processed', outcome: outcome.outcome, vulnerabilityId }
}

/** Tasks have no event of their own: their change shows as an update of the pull request. */
async function handlePullRequest(
  deps: SyncDeps,
  { organizationId, repository, event }: Of<'pull_request'>,
): Promise<Outcome> {
  if (event.change !== 'updated') return { state: 'ignored', outcome: 'This changes nothing in the items Weir made.' }
  const connection = await findConnection(deps.db, { organizationId, connectionId: repository.connection_id })
  // Each task we make or close is told so. A person with the same account is heard a few minutes later.
  if (event.actor !== null && event.actor.uuid === connection?.remote_account_uuid)
    return { state: 'ignored', outcome: "Weir's own account did this; the next comparison looks at it." }
  const defects = await listDefectsAtPlace(deps.db, {
    organizationId,
    tracker: 'bitbucket-discussions',
    containerId: repository.remote_uuid,
    place: { kind: 'pull_request', pull_request: event.pullRequestId },
  })
  if (defects.length === 0) return { state: 'ignored', outcome: 'Nothing of Weir hangs on this pull request.' }
  for (const defect of defects)
    await receiveState(deps, { defect, actor: actorOf(event), lane: 'webhook', isCertain: false })
  return { state: 'processed', outcome: `Looked at ${defects.length} threads of the pull request.` }
}

async function handleRepository(
  deps: SyncDeps,
  { organizationId, repository, receivedAt }: Of<'repository'>,
): Promise<Outcome> {
  const looked = await refreshAfterWebhook(deps, { organizationId, repositoryId: repository.id, receivedAt })
  switch (looked.kind) {
    case 'later':
      return { state: 'received', outcome: 'The repository was looked at a moment ago; in a few seconds it is again.' }
    case 'covered':
      return { state: 'processed', outcome: 'The repository was looked at after this came in.' }
    case 'refreshed':
      return { state: 'processed', outcome: repositorySentences[looked.state] }
    default:
      return looked satisfies never
  }
}

const repositorySentences = {
  here: 'The repository was looked at: its name, place and main branch are up to date.',
  forbidden: 'The repository was looked at, but the credential may no longer read it.',
  gone: 'The repository was looked at: it is no longer there.',
} as const

function actorOf(event: BitbucketEvent): Actor {
  const { actor } = event
  return { kind: 'remote', accountUuid: actor?.uuid ?? null, name: actor?.displayName ?? 'Somebody in Bitbucket' }
}
