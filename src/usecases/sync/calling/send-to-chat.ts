import { isAppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import { type HttpClient, parseRetryAfterS } from '../../../lib/http-client.ts'
import type { MailAnswer } from '../../../lib/mail-transport.ts'
import type { SecretBox } from '../../../lib/secret-box.ts'
import type { Db } from '../../../store/db.ts'
import { type ChatKey, findChat, writeChatOutcome } from '../../../store/sync/member-chats.ts'
import { type ChatMessage, writeChatBody } from '../outgoing/write-chat-body.ts'
import { openChatUrl } from './chat-secret.ts'

/** What became of one attempt to send a message; `empty`: there was nothing to say, or nobody to say it to. */
export type Attempt =
  | Exclude<MailAnswer, { kind: 'refused' | 'later' }>
  | { kind: 'empty' }
  | { kind: 'refused'; sentence: string }
  | { kind: 'later'; sentence: string; retryAfterS?: number | undefined }

type Deps = { db: Db; clock: Clock; http: HttpClient; secretBox: SecretBox }

const answerWithinMs = 15_000
const mostAnswerBytes = 64 * 1024

/** Writes into a member's own chat, and beside its address what became of it. */
export async function sendToChat(
  deps: Deps,
  { message, signal, ...key }: ChatKey & { message: ChatMessage; signal?: AbortSignal },
): Promise<Attempt> {
  const chat = await findChat(deps.db, key)
  if (chat === undefined || chat.ended_at !== null) return { kind: 'empty' }
  const url = openChatUrl(deps.secretBox, key, chat.sealed_url)
  if (url === undefined)
    return { kind: 'refused', sentence: 'Its address is sealed with a key this Weir does not have.' }
  const attempt = await post(deps, { url, body: writeChatBody(key.channel, message), signal })
  const error = attempt.kind === 'refused' || attempt.kind === 'later' ? attempt.sentence : null
  const endedAt = attempt.kind === 'refused' && attempt.isGone ? deps.clock() : null
  await writeChatOutcome(deps.db, { ...key, sealedUrl: chat.sealed_url }, { error, ended_at: endedAt })
  return attempt
}

type Posted = Exclude<Attempt, { kind: 'refused' }> | { kind: 'refused'; sentence: string; isGone: boolean }

async function post(
  { http, clock }: Deps,
  { url, body, signal }: { url: string; body: string; signal: AbortSignal | undefined },
): Promise<Posted> {
  try {
    const { status, headers } = await http.request({
      method: 'POST',
      url,
      isPathSecret: true,
      headers: { 'content-type': 'application/json' },
      body,
      timeoutMs: answerWithinMs,
      maxBytes: mostAnswerBytes,
      ...(signal !== undefined && { signal }),
    })
    if (status >= 200 && status < 300) return { kind: 'sent' }
    const sentence = `The chat answered ${status}.`
    const mayChange = status === 408 || status === 429 || status >= 500
    if (mayChange) return { kind: 'later', sentence, retryAfterS: parseRetryAfterS(headers['retry-after'], clock()) }
    return { kind: 'refused', sentence, isGone: status === 404 || status === 410 }
  } catch (error) {
    if (!isAppError(error)) throw error
    if (error.code === 'address_refused') return { kind: 'refused', sentence: error.detail, isGone: false }
    return { kind: 'later', sentence: error.detail }
  }
}
