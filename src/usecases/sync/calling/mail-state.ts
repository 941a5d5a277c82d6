import type { MailState } from '../../../../contract/sync/notifications.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { MailTransport } from '../../../lib/mail-transport.ts'
import { findMember } from '../../../store/access/members.ts'
import type { Db } from '../../../store/db.ts'
import { countWaitingMail, findLatestMail } from '../../../store/sync/mail-log.ts'

type Deps = { db: Db; newId: NewId; mail: MailTransport | undefined; settings: { readonly publicUrl: string } }

/** Whether mail is sent, and how that went of late. */
export async function getMailState(
  { db, mail }: Pick<Deps, 'db' | 'mail'>,
  organizationId: string,
): Promise<MailState> {
  const sent = await findLatestMail(db, { organizationId, state: 'sent' })
  const failed = await findLatestMail(db, { organizationId, state: 'troubled' })
  const isTroubled = failed !== undefined && (sent === undefined || failed.at > sent.at)
  return {
    state: mail === undefined ? 'off' : 'on',
    server: mail?.server ?? null,
    from: mail?.from ?? null,
    last_sent_at: sent?.at.toISOString() ?? null,
    last_error: isTroubled ? failed.error : null,
    waiting: mail === undefined ? 0 : await countWaitingMail(db, organizationId),
  }
}

/** Sends a mail now to whoever asks for it. Throws `conflict` while mail is off, `remote_refused` with what the server said. */
export async function sendTestMail(
  { db, newId, mail, settings: { publicUrl } }: Deps,
  { organizationId, memberId }: { organizationId: string; memberId: string },
): Promise<{ sent_to: string }> {
  if (mail === undefined)
    throw new AppError('conflict', 'E-mail is off. Set WEIR_SMTP_URL and WEIR_MAIL_FROM and start Weir again.')
  const member = await findMember(db, organizationId, memberId)
  if (member === undefined) throw new AppError('not_found', 'There is no member with this id.')
  const text = `Weir can send you e-mail.\n\nChoose what you are called for: ${publicUrl}/settings/notifications\n`
  const answer = await mail.send({
    messageId: `${newId()}@${new URL(publicUrl).hostname}`,
    thread: null,
    to: { name: member.name, address: member.email },
    subject: 'Weir: a test mail',
    text,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body><p>Weir can send you e-mail.</p><p><a href="${publicUrl}/settings/notifications">Choose what you are called for</a></p></body></html>\n`,
    unsubscribeUrl: null,
  })
  if (answer.kind !== 'sent') throw new AppError('remote_refused', `The mail was not sent. ${answer.sentence}`)
  return { sent_to: member.email }
}
