import { createAddressGuard } from '../../../lib/address-guard.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { HttpClient } from '../../../lib/http-client.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import { type ChatKey, deleteChat, writeChat } from '../../../store/sync/member-chats.ts'
import { sealChatUrl } from './chat-secret.ts'
import { sendToChat } from './send-to-chat.ts'

type Deps = {
  db: Db
  clock: Clock
  http: HttpClient
  secretBox: SecretBox
  settings: { allowedPrivateAddresses: readonly string[]; publicUrl: string }
}

/**
 * Where the two services take messages. Any member may give an address, so it is one of theirs, or a host an administrator
 * listed with its port (ranges are opened for trackers): nobody can make Weir write anywhere else. https://api.slack.com/messaging/webhooks and
 * https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams
 */
const hosts: Readonly<Record<ChatKey['channel'], readonly string[]>> = {
  slack: ['hooks.slack.com', 'hooks.slack-gov.com'],
  teams: ['.webhook.office.com', '.logic.azure.com', '.api.powerplatform.com', '.powerautomate.com'],
}
const names: Readonly<Record<ChatKey['channel'], string>> = { slack: 'Slack', teams: 'Microsoft Teams' }

/** Gives a member a chat of their own, another one, or none. Throws `validation_failed`, `address_refused`. */
export async function setChat(deps: Deps, { url: text, ...key }: ChatKey & { url: string | null }): Promise<void> {
  const url = text === null ? null : parseUrl(deps, key.channel, text)
  await deps.db.transaction().execute(async (tx) => {
    if (url === null) return deleteChat(tx, key)
    return writeChat(tx, key, { address: url.origin, sealed_url: sealChatUrl(deps.secretBox, key, url.href) })
  })
}

/** Writes a test message now. Throws `not_found`, or `remote_refused` with what the chat answered. */
export async function testChat(deps: Deps, key: ChatKey): Promise<void> {
  const { publicUrl } = deps.settings
  const message = {
    title: 'Weir can call you here',
    details: ['This is a test.'],
    url: `${publicUrl}/settings/notifications`,
  }
  const attempt = await sendToChat(deps, { ...key, message })
  if (attempt.kind === 'empty') throw missing(key)
  if (attempt.kind !== 'sent') throw new AppError('remote_refused', attempt.sentence)
}

function parseUrl({ settings }: Deps, channel: ChatKey['channel'], text: string): URL {
  const guard = createAddressGuard(settings.allowedPrivateAddresses)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) throw invalid('write the complete address, as the service shows it.')
  guard.check(url)
  if (guard.isTrusted(url)) return url
  const isKnown = hosts[channel].some((host) =>
    host.startsWith('.') ? url.hostname.endsWith(host) : url.hostname === host,
  )
  if (url.protocol === 'https:' && isKnown && url.port === '') return url
  throw invalid(
    `this is no address of ${names[channel]}. It begins with https:// and is on ${hosts[channel].join(' or ')}.`,
  )
}

function invalid(advice: string): AppError {
  return new AppError('validation_failed', `url: ${advice}`, { meta: { fields: { url: [advice] } } })
}

const missing = ({ channel }: ChatKey) =>
  new AppError('not_found', `You gave no chat in ${names[channel]}, or it wants no more messages.`)
