import type { Actor } from '../../domain/actor.ts'
import type { JiraEvent } from '../../jira/event.ts'
import type { Db } from '../../store/db.ts'
import { findDefectByRemoteId } from '../../store/sync/defects.ts'
import { receiveComment, receiveState } from './receive-comment.ts'
import type { SyncDeps } from './sync-deps.ts'

type Outcome = { state: 'processed' | 'ignored'; outcome: string; vulnerabilityId?: string }

export type HandleJiraEventInput = {
  organizationId: string
  /** The site, by its cloud id. */
  containerId: string
  event: JiraEvent
  /** Marks the delivery in the transaction that carries its effect. */
  settleIn: (tx: Db, end: { outcome: string; changed: boolean; vulnerabilityId: string }) => Promise<void>
}

/** Carries out what an event of a Jira site means for an issue of ours. The event is a hint; what counts is fetched. */
export async function handleJiraEvent(deps: SyncDeps, input: HandleJiraEventInput): Promise<Outcome> {
  const { organizationId, containerId, event } = input
  const defect = await findDefectByRemoteId(deps.db, {
    organizationId,
    tracker: 'jira',
    containerId,
    remoteId: event.issueId,
  })
  if (defect === undefined) return { state: 'ignored', outcome: 'Weir did not make this issue.' }
  const vulnerabilityId = defect.vulnerability_id
  const also = (tx: Db, end: { outcome: string; changed: boolean }) => input.settleIn(tx, { ...end, vulnerabilityId })
  switch (event.kind) {
    case 'comment': {
      const { commentId } = event
      const isCertain = event.change === 'deleted'
      const toldOf = isCertain ? null : event.toldOf
      const { outcome } = await receiveComment(deps, { defect, commentId, lane: 'webhook', toldOf, isCertain, also })
      return { state: 'processed', outcome, vulnerabilityId }
    }
    case 'issue': {
      const isCertain = event.change === 'deleted'
      const told = isCertain ? null : event.status
      const about = { defect, actor: actorOf(event), lane: 'webhook' as const }
      const { outcome } = await receiveState(deps, { ...about, isCertain, told, also })
      return { state: 'processed', outcome, vulnerabilityId }
    }
    default:
      return event satisfies never
  }
}

function actorOf({ actor }: JiraEvent): Actor {
  return { kind: 'remote', accountUuid: actor?.uuid ?? null, name: actor?.displayName ?? 'Somebody in Jira' }
}
