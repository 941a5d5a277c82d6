import { mentionsAtMost } from '../../domain/mentions.ts'
import type { Db } from '../../store/db.ts'
import { listActive } from '../../store/sync/calls.ts'
import { insertNotifications } from '../../store/sync/insert-notifications.ts'
import { listMentions } from '../../store/sync/message-mentions.ts'
import type { WriteDeps } from './sync-deps.ts'

export type Mentioning = {
  organizationId: string
  vulnerabilityId: string
  messageId: string
  subject: string
  /** Members who were called by name before, or wrote it themselves. */
  except: readonly (string | null)[]
}

/**
 * Calls the members a message means, each once, and answers who they are: nobody needs to call them to it otherwise. A
 * message that means more people than anybody means in person calls none of them.
 */
export async function callMentioned(deps: WriteDeps, tx: Db, input: Mentioning): Promise<string[]> {
  const { organizationId, vulnerabilityId, messageId, subject, except } = input
  const mentions = await listMentions(tx, { organizationId, messageIds: [messageId] })
  if (mentions.length > mentionsAtMost) return []
  const meant = mentions.map((one) => one.called_member_id).filter((id) => id !== null)
  const memberIds = [...new Set(meant)].filter((id) => !except.includes(id))
  const active = await listActive(tx, organizationId, memberIds)
  const calls = memberIds
    .filter((id) => active.has(id))
    .map((memberId) => ({ memberId, kind: 'mentioned' as const, subject, vulnerabilityId, messageId, count: null }))
  await insertNotifications(deps, tx, { organizationId, calls, now: deps.clock() })
  return calls.map(({ memberId }) => memberId)
}
