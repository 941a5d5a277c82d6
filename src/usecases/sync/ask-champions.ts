import type { Actor } from '../../domain/actor.ts'
import { type AskedDecision, composeAsk } from '../../domain/asked-decision.ts'
import { cutText } from '../../lib/cut-text.ts'
import { findContributor } from '../../store/access/contributors.ts'
import type { Db } from '../../store/db.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { insertMessage } from '../../store/sync/messages.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { remoteKindOf } from './remote-title.ts'
import type { WriteDeps } from './sync-deps.ts'

export type AskChampions = {
  defect: DefectRow
  decision: AskedDecision
  why: string
  /** Who asks. */
  actor: Actor
  /** The message that asks, where one does. */
  parentId: string | null
}

/** The same internal note that a developer's request in Weir makes; it calls the champions. */
export async function askChampions(
  deps: WriteDeps,
  tx: Db,
  { defect, decision, why, actor, parentId }: AskChampions,
): Promise<void> {
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId, id: defectId } = defect
  const now = deps.clock()
  const id = deps.newId()
  const remoteUuid = actor.kind === 'remote' ? actor.accountUuid : null
  const account = { organizationId, kind: remoteKindOf(defect), remoteId: remoteUuid ?? '' }
  const contributor = remoteUuid === null ? undefined : await findContributor(tx, account)
  await insertMessage(tx, {
    organizationId,
    id,
    vulnerabilityId,
    parentId,
    author: { kind: 'remote', remoteUuid, contributorId: contributor?.id ?? null, name: actor.name },
    body: composeAsk(decision, why),
    internal: true,
    createdAt: now,
  })
  await notifyMembers(deps, tx, {
    organizationId,
    vulnerabilityId,
    kind: 'message',
    messageId: id,
    subject: `${actor.name} asks for ${decision.words}: ${cutText(why.split('\n', 1)[0] ?? '', 140)}`,
    now,
    exceptMemberId: null,
  })
  const entry = { vulnerabilityId, kind: 'note_written' as const, actor, after: { message_id: id }, defectId }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
}
