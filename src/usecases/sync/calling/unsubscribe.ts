import type { MailKind } from '../../../domain/calls/call-kinds.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import { writeChoices } from '../../../store/sync/notification-choices.ts'
import { findRecipient } from '../../../store/sync/outgoing-calls.ts'
import { readUnsubscribeToken } from './unsubscribe-token.ts'

type Deps = { db: Db; secretBox: SecretBox }
type Ended = { email: string; organization_name: string; kinds: MailKind[] }

/** What a link in a mail would end. Throws `gone`. */
export async function findUnsubscription(deps: Deps, { token }: { token: string }): Promise<Ended> {
  const { kinds, ...key } = readUnsubscribeToken(deps.secretBox, token)
  const recipient = await findRecipient(deps.db, key)
  if (recipient === undefined) throw new AppError('gone', 'Nobody gets these mails any more.')
  return { email: recipient.email, organization_name: recipient.organization, kinds: [...kinds] }
}

/** Ends the mails a link is about, as often as it is asked to. Throws `gone`. */
export async function unsubscribe(deps: Deps, input: { token: string }): Promise<Ended> {
  const found = await findUnsubscription(deps, input)
  const member = readUnsubscribeToken(deps.secretBox, input.token)
  const choices = found.kinds.map((kind) => ({ kind, channel: 'email' as const, wanted: false }))
  await deps.db.transaction().execute((tx) => writeChoices(tx, member, choices))
  return found
}
