import { backOffS } from '../../../domain/back-off.ts'
import { administratorKinds, type MailKind, type OutsideChannel } from '../../../domain/calls/call-kinds.ts'
import type { TimeRange } from '../../../domain/delivery/time-buckets.ts'
import { isPermitted } from '../../../domain/permissions.ts'
import type { Clock } from '../../../lib/clock.ts'
import { cutText } from '../../../lib/cut-text.ts'
import type { HttpClient } from '../../../lib/http-client.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { MailTransport } from '../../../lib/mail-transport.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import {
  findRecipient,
  leaseDueCalls,
  listToldCalls,
  type OutgoingCallRow,
  releaseCall,
  settleCall,
  type ToldCall,
} from '../../../store/sync/outgoing-calls.ts'
import type { Remember } from '../../../trackers/tracker.ts'
import { describeCalls, titleOf } from './describe-calls.ts'
import { type Attempt, sendToChat } from './send-to-chat.ts'
import { tellWeek } from './tell-week.ts'
import { writeUnsubscribeToken } from './unsubscribe-token.ts'
import { toPlainLink, writeMail, writeWeekMail } from './write-mail.ts'

export type SendCallsDeps = {
  db: Db
  clock: Clock
  newId: NewId
  http: HttpClient
  secretBox: SecretBox
  /** Undefined: no e-mail is sent. */
  mail: MailTransport | undefined
  publicUrl: string
  /** What many are told alike is worked out once; undefined: for each. */
  remember?: Remember | undefined
}

/** Far longer than an attempt may take: a mail server that answers line by line is slow. */
export const callLeaseMs = 5 * 60_000
/** Some six hours. */
const mostAttempts = 16
/** What stands longer than this in a chat is cut there. https://api.slack.com/reference/block-kit/blocks#section_fields */
const longestDetail = 600
const detailsInChat = 10
/** A part of a week is a list: cut it only where a chat would refuse it. */
const longestWeekDetail = 2900

/** Takes messages that are due; each is to be handed to `sendCall`. */
export async function takeDueCalls(deps: SendCallsDeps, { by, limit }: { by: string; limit: number }) {
  const now = deps.clock()
  const channels: OutsideChannel[] = deps.mail === undefined ? ['slack', 'teams'] : ['email', 'slack', 'teams']
  return leaseDueCalls(deps.db, { by, now, until: new Date(now.getTime() + callLeaseMs), limit, channels })
}

type Holding = { call: OutgoingCallRow; by: string; signal: AbortSignal }

/**
 * Sends one message that is leased by `by`, with what there is to tell now, to whom still may know it. Broken off by `signal`
 * it is free at once; when its sender dies, at the end of the lease. Either way it is sent again under the same id.
 */
export async function sendCall(deps: SendCallsDeps, { call, by, signal }: Holding): Promise<void> {
  const key = { organizationId: call.organization_id, id: call.id, by }
  try {
    const attempt = await tryCall(deps, call, signal)
    await settleCall(deps.db, key, toChange(deps, call, attempt))
  } catch (error) {
    await releaseCall(deps.db, key)
    throw error
  }
}

function toChange({ clock }: SendCallsDeps, { attempts, id }: OutgoingCallRow, attempt: Attempt) {
  const now = clock()
  const ended = { next_attempt_at: null, ended_at: now }
  switch (attempt.kind) {
    case 'sent':
    case 'empty':
      return { state: attempt.kind, error: null, ...ended }
    case 'refused':
      return { state: 'failed' as const, error: attempt.sentence, ...ended }
    case 'later': {
      const { sentence: error, retryAfterS } = attempt
      if (attempts >= mostAttempts) return { state: 'failed' as const, error, ...ended }
      // Its id is random: messages that failed together are spread.
      const chance = Number.parseInt(id.slice(-2), 16) / 255
      const waitS = Math.max(backOffS(attempts) * (0.75 + chance / 2), Math.min(retryAfterS ?? 0, 24 * 3600))
      return {
        state: 'queued' as const,
        error,
        next_attempt_at: new Date(now.getTime() + waitS * 1000),
        ended_at: null,
      }
    }
    default:
      return attempt satisfies never
  }
}

async function tryCall(deps: SendCallsDeps, call: OutgoingCallRow, signal: AbortSignal): Promise<Attempt> {
  const { organization_id: organizationId, id, member_id: memberId, is_digest: isDigest } = call
  const recipient = await findRecipient(deps.db, { organizationId, memberId })
  // Checked now, not when it was queued: who has lost access meanwhile learns nothing.
  if (recipient === undefined || recipient.disabled_at !== null) return { kind: 'empty' }
  if (!isPermitted({ role: recipient.role, scopes: null }, 'read')) return { kind: 'empty' }
  const { week_from: from, week_to: to } = call
  if (from !== null && to !== null) return sendWeek(deps, { call, recipient, week: { from, to }, signal })
  const told = await listToldCalls(deps.db, { organizationId, id })
  const calls = told.filter(({ kind }) => recipient.role === 'admin' || !administratorKinds.includes(kind))
  if (calls.length === 0) return { kind: 'empty' }
  const options = { publicUrl: deps.publicUrl, isDigest }
  switch (call.channel) {
    case 'email': {
      if (deps.mail === undefined) return { kind: 'later', sentence: 'E-mail is off.' }
      return deps.mail.send(writeMail({ ...options, ...toEnvelope(deps, call, recipient), calls }))
    }
    case 'slack':
    case 'teams': {
      const message = toChatMessage(calls, options)
      return sendToChat(deps, { organizationId, memberId, channel: call.channel, message, signal })
    }
    default:
      return call.channel satisfies never
  }
}

type Recipient = NonNullable<Awaited<ReturnType<typeof findRecipient>>>

function toEnvelope({ publicUrl, secretBox }: SendCallsDeps, call: OutgoingCallRow, recipient: Recipient) {
  const { organization_id: organizationId, member_id: memberId, id } = call
  const unsubscribeUrl = (kinds: readonly MailKind[]) =>
    `${publicUrl}/unsubscribe?token=${writeUnsubscribeToken(secretBox, { organizationId, memberId, kinds })}`
  const to = { name: recipient.name, address: recipient.email }
  return { publicUrl, id, to, organization: recipient.organization, unsubscribeUrl }
}

/** Sends a week as it is known now, where there is anything to say of it. */
async function sendWeek(
  deps: SendCallsDeps,
  { call, recipient, week, signal }: Pick<Holding, 'call' | 'signal'> & { recipient: Recipient; week: TimeRange },
): Promise<Attempt> {
  const { organization_id: organizationId, member_id: memberId, channel } = call
  const text = await tellWeek(deps, { organizationId, memberId, week, publicUrl: deps.publicUrl })
  if (text === undefined) return { kind: 'empty' }
  if (channel === 'email') {
    if (deps.mail === undefined) return { kind: 'later', sentence: 'E-mail is off.' }
    return deps.mail.send(writeWeekMail(toEnvelope(deps, call, recipient), text))
  }
  const details = text.lines.map(({ head, text: said, links = [] }) =>
    cutText([head, ...(said === null ? [] : [said]), ...links.map(toPlainLink)].join('\n'), longestWeekDetail),
  )
  const message = { title: text.title, details, url: `${deps.publicUrl}/analytics` }
  return sendToChat(deps, { organizationId, memberId, channel, message, signal })
}

function toChatMessage(calls: readonly ToldCall[], options: { publicUrl: string; isDigest: boolean }) {
  const [only] = calls
  const { lines } = describeCalls(calls, options)
  if (calls.length === 1 && only !== undefined) {
    const details = lines.flatMap(({ text }) => (text === null ? [] : [cutText(text, longestDetail)]))
    return { title: lines[0]?.head ?? '', details, url: lines[0]?.url ?? options.publicUrl }
  }
  const shown = lines.slice(0, detailsInChat).map(({ head, text }) => [head, text].filter(Boolean).join('\n'))
  const rest = calls.length - shown.length
  const details = shown.map((text) => cutText(text, longestDetail))
  if (rest > 0) details.push(`And ${rest} more in your inbox`)
  return { title: titleOf(calls, options), details, url: `${options.publicUrl}/inbox` }
}
