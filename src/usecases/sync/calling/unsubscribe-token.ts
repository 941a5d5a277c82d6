import { isMailKind, type MailKind } from '../../../domain/calls/call-kinds.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'

/** Whose mails of which kinds a link ends. */
export type Unsubscription = { organizationId: string; memberId: string; kinds: readonly MailKind[] }

const context = 'unsubscribe'

/** A token that nobody else can make, and that says nothing to whoever reads it. It does not end: old mails have to work. */
export function writeUnsubscribeToken(box: SecretBox, { organizationId, memberId, kinds }: Unsubscription): string {
  return box.seal([organizationId, memberId, ...kinds].join(' '), context)
}

/** Throws `gone` for a token that is cut off, made up, or sealed with a key that is no more. */
export function readUnsubscribeToken(box: SecretBox, token: string): Unsubscription {
  const [organizationId, memberId, ...kinds] = open(box, token).split(' ')
  if (organizationId === undefined || memberId === undefined) throw unreadable()
  return { organizationId, memberId, kinds: kinds.filter(isMailKind) }
}

function open(box: SecretBox, token: string): string {
  try {
    return box.open(token, context)
  } catch {
    throw unreadable()
  }
}

const unreadable = () =>
  new AppError('gone', 'This link is not whole, or too old. Choose under Settings, Notifications what mails you get.')
