import type { Message } from '../../../contract/sync/messages.ts'
import type { Actor } from '../../domain/actor.ts'
import type { AttachmentLimits } from '../../domain/attachment-type.ts'
import { AppError } from '../../lib/app-error.ts'
import { cutText } from '../../lib/cut-text.ts'
import type { Db } from '../../store/db.ts'
import { type DefectRow, listLiveDefects } from '../../store/sync/defects.ts'
import { hastenOperations } from '../../store/sync/hasten-operations.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertMessageLink } from '../../store/sync/message-links.ts'
import { replaceMentions } from '../../store/sync/message-mentions.ts'
import { findMessage, insertMessage } from '../../store/sync/messages.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { insertOperations } from '../../store/sync/operations.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { claimAttachments } from './attachments/claim-attachments.ts'
import { callMentioned } from './call-mentioned.ts'
import { type ChosenMention, checkMentions } from './check-mentions.ts'
import { toMessageViews } from './message-views.ts'
import type { WriteDeps } from './sync-deps.ts'

export type CreateMessageInput = {
  organizationId: string
  vulnerabilityId: string
  actor: Extract<Actor, { kind: 'member' }>
  body: string
  parentId?: string | undefined
  /** Stays here: for security alone. */
  internal?: boolean | undefined
  /** Whom an `@name` in the text means; without it nobody is called. */
  mentions?: readonly ChosenMention[] | undefined
  attachments?: { ids: readonly string[]; limits: AttachmentLimits } | undefined
}

/** Writes into the thread; unless internal, it goes out to every live item of the vulnerability. Throws `not_found`. */
export async function createMessage(deps: WriteDeps, input: CreateMessageInput): Promise<Message> {
  const { organizationId, vulnerabilityId, actor } = input
  const id = deps.newId()
  await deps.db.transaction().execute((tx) => write(deps, tx, { ...input, id }))
  const row = await findMessage(deps.db, { organizationId, id })
  const reader = { organizationId, vulnerabilityId, memberId: actor.memberId }
  const [message] = await toMessageViews(deps.db, reader, row === undefined ? [] : [row])
  if (message === undefined) throw new AppError('not_found', 'The message was removed in the same moment.')
  return message
}

async function write(deps: WriteDeps, tx: Db, input: CreateMessageInput & { id: string }): Promise<void> {
  const { organizationId, vulnerabilityId, actor, id } = input
  const now = deps.clock()
  const vulnerability = await findStatus(tx, input)
  if (vulnerability === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
  const parent =
    input.parentId === undefined ? undefined : await findMessage(tx, { organizationId, id: input.parentId })
  if (input.parentId !== undefined && parent?.vulnerability_id !== vulnerabilityId)
    throw new AppError('not_found', 'The message this answers to is not in this thread.')
  // An answer to an internal note would show what the note is about.
  const internal = input.internal === true || parent?.internal === true
  await insertMessage(tx, {
    organizationId,
    id,
    vulnerabilityId,
    parentId: parent?.id ?? null,
    author: { kind: 'member', memberId: actor.memberId, name: actor.name },
    body: input.body,
    internal,
    createdAt: now,
  })
  const { attachments = { ids: [], limits: undefined } } = input
  const claim = { organizationId, vulnerabilityId, memberId: actor.memberId, messageId: id }
  const files = attachments.limits === undefined ? [] : await claimAttachments(tx, { ...claim, ...attachments })
  if (!internal)
    for (const defect of await listLiveDefects(tx, { organizationId, vulnerabilityIds: [vulnerabilityId] }))
      if (defect.link !== 'missing') await sendOut(deps, tx, { defect, messageId: id, now })
  const subject = `${actor.name}: ${cutText(input.body.split('\n', 1)[0] || nameFiles(files), 140)}`
  const told = { organizationId, vulnerabilityId, messageId: id, subject }
  const mentions = await checkMentions(tx, { organizationId, body: input.body, mentions: input.mentions ?? [] })
  await replaceMentions(tx, told, mentions)
  const calledOtherwise = await callMentioned(deps, tx, { ...told, except: [actor.memberId] })
  await notifyMembers(deps, tx, { ...told, kind: 'message', now, exceptMemberId: actor.memberId, calledOtherwise })
  const entry = { vulnerabilityId, kind: internal ? ('note_written' as const) : ('message_written' as const), actor }
  await recordTimeline(deps, tx, { organizationId, now, entries: [{ ...entry, after: { message_id: id } }] })
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: vulnerabilityId }, { kind: 'notification' }])
}

/** What is said of a message that is files alone. */
function nameFiles(files: readonly { name: string }[]): string {
  return files.map(({ name }) => name).join(', ')
}

async function sendOut(
  deps: WriteDeps,
  tx: Db,
  { defect, messageId, now }: { defect: DefectRow; messageId: string; now: Date },
): Promise<void> {
  const organizationId = defect.organization_id
  const link = { organizationId, id: deps.newId(), messageId, defectId: defect.id, direction: 'out' as const }
  await insertMessageLink(tx, {
    ...link,
    remoteCommentId: null,
    bodyHash: null,
    remoteUpdatedAt: null,
    state: 'queued',
    now,
  })
  await insertOperations(tx, [
    {
      organizationId,
      id: deps.newId(),
      kind: 'create_comment',
      key: `create_comment:${messageId}:${defect.id}`,
      lane: 'person',
      vulnerabilityId: defect.vulnerability_id,
      defectId: defect.id,
      messageId,
      connectionId: defect.connection_id,
      payload: {},
      now,
    },
  ])
  await hastenOperations(tx, { organizationId, defectId: defect.id, now })
  await deps.enqueue(tx, [{ name: 'push-defect', data: { organizationId, defectId: defect.id }, lane: 'person' }])
}
