import * as z from 'zod'
import { AppError } from '../lib/app-error.ts'
import { cutText } from '../lib/cut-text.ts'
import { type HttpAnswer, parseRetryAfterS } from '../lib/http-client.ts'

type RefusedAnswer = Pick<HttpAnswer, 'status' | 'headers' | 'text'>

/** Longest piece of the remote's words that is passed on. */
const longestMessage = 300
const fieldsAtMost = 20

const body = z
  .object({
    errorMessages: z.array(z.string()).catch([]),
    errors: z.record(z.string(), z.unknown()).catch({}),
    message: z.string().catch(''),
  })
  .partial()

/**
 * Jira takes a credential that is not good for nobody where nobody may call, and answers with an empty list or a 404: this
 * header tells. https://support.atlassian.com/jira/kb/how-to-check-the-x-seraph-loginreason-header/
 */
export function isLoginFailed(answer: Pick<HttpAnswer, 'headers'>): boolean {
  const reason = answer.headers['x-seraph-loginreason'] ?? ''
  return reason.includes('AUTHENTICATED_FAILED') || reason.includes('AUTHENTICATION_DENIED')
}

/**
 * The foreseen failure behind an answer of Jira that is no success. `what` names the request in words ("read the issue").
 * Meta: `remote_status`, and where known `remote_message`, `remote_fields` (by id of the field), `retry_after_s`.
 */
export function toJiraError(answer: RefusedAnswer, what: string, now: Date): AppError {
  const { status } = answer
  const { message, fields } = readBody(answer)
  const meta = {
    remote_status: status,
    ...(message === '' ? {} : { remote_message: message }),
    ...(Object.keys(fields).length === 0 ? {} : { remote_fields: fields }),
  }
  const said = message === '' ? 'no reason given' : `"${message}"`
  if (status === 401 && message.includes('scope does not match'))
    return new AppError(
      'scope_missing',
      `To ${what}, the credential needs a scope it does not have. Make a new one with the scopes listed here and renew the connection.`,
      { meta: { ...meta, required: [], granted: [], missing: [] } },
    )
  if (status === 401 || isLoginFailed(answer)) return toUnauthorized(said, meta)
  if (status === 403)
    return new AppError(
      'remote_forbidden',
      `The account behind the credential may not ${what} (${said}). Give it access in Jira.`,
      { meta },
    )
  if (status === 404)
    return new AppError(
      'remote_not_found',
      `Jira does not find what it was asked to ${what} (${said}). It may be deleted, moved, or hidden from our credential.`,
      { meta },
    )
  if (status === 410)
    return new AppError('remote_gone', `Jira has withdrawn this for good: ${said}. See its changelog.`, { meta })
  if (status === 429) return toRateLimited(answer, meta, now)
  if (status === 408 || status >= 500)
    return new AppError(
      'remote_unavailable',
      `Jira failed with status ${status} (${said}). Nothing is wrong on our side; it is tried again later.`,
      { meta },
    )
  if (status >= 400)
    return new AppError('remote_refused', `Jira refused our request to ${what}: ${said}${listFields(fields)}.`, {
      meta,
    })
  return new AppError('remote_invalid_answer', `Jira answered ${status} when asked to ${what}.`, { meta })
}

function toUnauthorized(said: string, meta: Record<string, unknown>): AppError {
  return new AppError(
    'remote_unauthorized',
    `Jira no longer accepts the credential (${said}). It is expired, revoked or mistyped: renew it on the Integrations page; waiting work then goes on.`,
    { meta },
  )
}

function toRateLimited(answer: RefusedAnswer, meta: Record<string, unknown>, now: Date): AppError {
  const retryAfterS = parseRetryAfterS(answer.headers['retry-after'], now)
  const reason = answer.headers['ratelimit-reason']
  return new AppError('remote_rate_limited', 'Jira asks us to slow down. Work waits and goes on by itself.', {
    meta: {
      ...meta,
      ...(retryAfterS === undefined ? {} : { retry_after_s: retryAfterS }),
      ...(reason === undefined ? {} : { remote_reason: clip(reason) }),
    },
  })
}

type Refusal = { message: string; fields: Record<string, string> }

/** Never throws: a proxy answers with a page, a gateway in its own form. */
function readBody(answer: RefusedAnswer): Refusal {
  const text = answer.text().trim()
  const parsed = body.safeParse(parseJson(text))
  if (!parsed.success)
    return { message: text.startsWith('<') ? 'a web page instead of an answer' : clip(text), fields: {} }
  const { errorMessages = [], errors = {}, message = '' } = parsed.data
  const fields = Object.entries(errors)
    .slice(0, fieldsAtMost)
    .map(([field, said]) => [clip(field), clip(String(said))] as const)
  return {
    message: clip(errorMessages.length > 0 ? errorMessages.join(' ') : message),
    fields: Object.fromEntries(fields),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function listFields(fields: Record<string, string>): string {
  const parts = Object.entries(fields).map(([field, said]) => `${field}: ${said}`)
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}

function clip(text: string): string {
  // Control characters too: the sentence goes into a log, a page and a column, and PostgreSQL's text holds no NUL.
  const line = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed()
  return cutText(line, longestMessage)
}
