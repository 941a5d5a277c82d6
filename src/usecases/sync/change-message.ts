import type { Message } from '../../../contract/sync/messages.ts'
import type { Actor } from '../../domain/actor.ts'
import { AppError } from '../../lib/app-error.ts'
import { cutText } from '../../lib/cut-text.ts'
import type { Db } from '../../store/db.ts'
import { findDefect } from '../../store/sync/defects.ts'
import { announce } from '../../store/sync/live-events.ts'
import { listLinksOfMessages } from '../../store/sync/message-links.ts'
import { listMentions, replaceMentions } from '../../store/sync/message-mentions.ts'
import {
  entombMessage,
  findMessage,
  insertRevision,
  type MessageRow,
  rewriteMessage,
} from '../../store/sync/messages.ts'
import { retellMessage, silenceMessage } from '../../store/sync/notifications.ts'
import { insertOperations } from '../../store/sync/operations.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { withdrawAttachments } from './attachments/claim-attachments.ts'
import { callMentioned } from './call-mentioned.ts'
import { type ChosenMention, checkMentions } from './check-mentions.ts'
import { toMessageViews } from './message-views.ts'
import type { WriteDeps } from './sync-deps.ts'

type Own = { organizationId: string; messageId: string; actor: Extract<Actor, { kind: 'member' }> }

type Edit = {
  body: string
  version: number
  /** Whom an `@name` in the text means; left out, those stay who are still in it. */
  mentions?: readonly ChosenMention[] | undefined
}

/**
 * Edits an own message, here and in every tracker it went to; the former text stays in its history. Throws `not_found`,
 * `forbidden` for somebody else's, `gone` for a deleted one, `conflict` when it was changed since `version`.
 */
export async function updateMessage(deps: WriteDeps, input: Own & Edit): Promise<Message> {
  const { organizationId, messageId, actor } = input
  const key = { organizationId, id: messageId, now: deps.clock() }
  await deps.db.transaction().execute(async (tx) => {
    const message = await getOwn(tx, input)
    if (message.deleted_at !== null) throw new AppError('gone', 'The message was deleted; write a new one.')
    if (message.version !== input.version)
      throw new AppError('conflict', 'The message was changed in the meantime. Look at it again, then edit.')
    if (message.body === input.body) return
    await insertRevision(tx, { ...key, messageId, version: message.version, body: message.body })
    await rewriteMessage(tx, key, input.body)
    await meanOthers(deps, tx, { ...input, message })
    await carryOut(deps, tx, { message, actor, kind: 'update_comment', version: message.version + 1 })
  })
  const row = await findMessage(deps.db, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such message.')
  const reader = { organizationId, vulnerabilityId: row.vulnerability_id, memberId: actor.memberId }
  const [message] = await toMessageViews(deps.db, reader, [row])
  if (message === undefined) throw new AppError('not_found', 'There is no such message.')
  return message
}

/** Whom the text means now; who was called before is not called again, and reads what it says now. */
async function meanOthers(deps: WriteDeps, tx: Db, input: Own & Edit & { message: MessageRow }): Promise<void> {
  const { organizationId, messageId, actor, body, message } = input
  const before = await listMentions(tx, { organizationId, messageIds: [messageId] })
  const kept = before.map(({ name, member_id, contributor_id }) => {
    return { name, member_id: member_id ?? undefined, contributor_id: contributor_id ?? undefined }
  })
  const mentions = await checkMentions(tx, { organizationId, body, mentions: input.mentions ?? kept })
  await replaceMentions(tx, { organizationId, messageId }, mentions)
  const subject = `${actor.name}: ${cutText(body.split('\n', 1)[0] ?? '', 140)}`
  await retellMessage(tx, { organizationId, messageId, subject })
  await callMentioned(deps, tx, {
    organizationId,
    vulnerabilityId: message.vulnerability_id,
    messageId,
    subject,
    except: [actor.memberId, ...before.map((one) => one.called_member_id)],
  })
  await announce(tx, organizationId, [{ kind: 'notification' }])
}

/** Deletes an own message, here and in every tracker; a tombstone stays. Deleting it again changes nothing. */
export async function deleteMessage(deps: WriteDeps, input: Own): Promise<void> {
  const { organizationId, messageId, actor } = input
  const key = { organizationId, id: messageId, now: deps.clock() }
  await deps.db.transaction().execute(async (tx) => {
    const message = await getOwn(tx, input)
    if (message.deleted_at !== null) return
    await insertRevision(tx, { ...key, messageId, version: message.version, body: message.body })
    await entombMessage(tx, key)
    await silenceMessage(tx, { ...key, messageId })
    await retellMessage(tx, { organizationId, messageId, subject: `${actor.name} deleted a message.` })
    await carryOut(deps, tx, { message, actor, kind: 'delete_comment', version: message.version + 1 })
    await announce(tx, organizationId, [{ kind: 'notification' }])
    await withdrawAttachments(tx, { ...key, messageId, byName: actor.name })
  })
}

async function getOwn(tx: Db, { organizationId, messageId, actor }: Own): Promise<MessageRow> {
  const message = await findMessage(tx, { organizationId, id: messageId, lock: true })
  if (message === undefined) throw new AppError('not_found', 'There is no such message.')
  if (message.author_kind !== 'member' || message.author_member_id !== actor.memberId)
    throw new AppError('forbidden', 'Only its author can change a message.')
  return message
}

type Change = Pick<Own, 'actor'> & {
  message: MessageRow
  kind: 'update_comment' | 'delete_comment'
  version: number
}

async function carryOut(deps: WriteDeps, tx: Db, { message, actor, kind, version }: Change): Promise<void> {
  const organizationId = message.organization_id
  const now = deps.clock()
  const links = await listLinksOfMessages(tx, { organizationId, messageIds: [message.id] })
  for (const { defect_id: defectId, direction, state } of links) {
    const defect = await findDefect(tx, { organizationId, id: defectId })
    if (defect === undefined || direction === 'in' || state === 'removed') continue
    await insertOperations(tx, [
      {
        organizationId,
        id: deps.newId(),
        kind,
        key: `${kind}:${message.id}:${defectId}:${version}`,
        lane: 'person',
        vulnerabilityId: message.vulnerability_id,
        defectId,
        messageId: message.id,
        connectionId: defect.connection_id,
        payload: {},
        now,
      },
    ])
    await deps.enqueue(tx, [{ name: 'push-defect', data: { organizationId, defectId }, lane: 'person' }])
  }
  const entry = {
    vulnerabilityId: message.vulnerability_id,
    kind: kind === 'update_comment' ? ('message_edited' as const) : ('message_deleted' as const),
    actor,
    after: { message_id: message.id },
  }
  await recordTimeline(deps, tx, { organizationId, now, entries: [entry] })
  await announce(tx, organizationId, [{ kind: 'message', vulnerability_id: message.vulnerability_id }])
}
