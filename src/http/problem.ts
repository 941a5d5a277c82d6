import type { Problem } from '../../contract/primitives.ts'
import { AppError, type ErrorCode } from '../lib/app-error.ts'

/** Media type of every failed answer (RFC 9457). */
export const problemContentType = 'application/problem+json'

/** The answer to a foreseen failure. `id` is the request's, to quote when asking for help. */
export function toProblem(error: AppError, id: string): Problem {
  const { fields, ...meta } = error.meta ?? {}
  const fieldErrors = parseFields(fields)
  return {
    type: `urn:weir:error:${error.code}`,
    title: error.title,
    status: error.status,
    detail: error.detail,
    code: error.code,
    id,
    ...(fieldErrors && { fields: fieldErrors }),
    ...(Object.keys(meta).length > 0 && { meta }),
  }
}

/** Whatever was thrown while answering, as a foreseen failure: ours, the framework's refusals, a database that is away; else `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const facts = factsOf(error)
  if (facts.validation !== undefined) return toValidationError(facts)
  const known = refusals.get(facts.code ?? '')
  if (known !== undefined) return new AppError(known.code, known.detail, { cause: error })
  if (facts.statusCode === 429)
    return new AppError('rate_limited', 'Too many requests from this address; wait a moment and try again.')
  if (unstorable.has(facts.code ?? ''))
    return new AppError('validation_failed', 'A value holds a NUL character, or is beyond what can be stored.', {
      cause: error,
    })
  // The library that reads sessions wraps what its queries throw.
  if (isDatabaseAway(facts) || isDatabaseAway(factsOf(facts.cause)))
    return new AppError('unavailable', 'The database cannot be reached; try again in a moment.', { cause: error })
  if (facts.statusCode !== undefined && facts.statusCode >= 400 && facts.statusCode < 500)
    return new AppError('validation_failed', 'The request cannot be read.', { cause: error })
  return new AppError('internal', 'Something went wrong. Quote the id when you ask for help.', { cause: error })
}

const refusals: ReadonlyMap<string, { code: ErrorCode; detail: string }> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', { code: 'payload_too_large', detail: 'The body of the request is too large.' }],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', { code: 'unsupported_media_type', detail: 'Send application/json.' }],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', { code: 'validation_failed', detail: 'The body is empty, but should be JSON.' }],
  ['FST_ERR_CTP_INVALID_JSON_BODY', { code: 'validation_failed', detail: 'The body is not JSON.' }],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', { code: 'validation_failed', detail: 'The body does not have its length.' }],
  ['FST_ERR_BAD_URL', { code: 'route_missing', detail: 'The address cannot be read.' }],
])

/**
 * What a client sent and PostgreSQL cannot hold: NUL in text (22021) and in JSON (22P05), a number (22003) or a time
 * (22008) out of range. https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const unstorable: ReadonlySet<string> = new Set(['22021', '22P05', '22003', '22008'])

type Facts = {
  code?: string
  statusCode?: number
  syscall?: string
  message?: string
  cause?: unknown
  validation?: readonly ValidationIssue[]
  validationContext?: string
}
type ValidationIssue = { instancePath?: string; message?: string }

function factsOf(error: unknown): Facts {
  return typeof error === 'object' && error !== null ? error : {}
}

function toValidationError(facts: Facts): AppError {
  const fields: Record<string, string[]> = {}
  for (const issue of facts.validation ?? []) {
    const name =
      (issue.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.') || (facts.validationContext ?? 'body')
    fields[name] = [...(fields[name] ?? []), issue.message ?? 'is not acceptable']
  }
  const sentences = Object.entries(fields).map(([name, messages]) => `${name}: ${messages.join(', ')}`)
  return new AppError('validation_failed', `${sentences.slice(0, 5).join('; ')}.`, { meta: { fields } })
}

function parseFields(value: unknown): Record<string, string[]> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(Object.entries(value).map(([name, messages]) => [name, [messages].flat().map(String)]))
}

/**
 * Classes 08 (connection) and 57P (operator intervention) and the socket's own codes:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html. 53300 is too many connections, 53100 disk full.
 */
function isDatabaseAway({ code, message }: Facts): boolean {
  if (code !== undefined && /^(08\w{3}|57P0\d|53[123]00|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT)$/.test(code))
    return true
  return message !== undefined && /^(Connection terminated|timeout exceeded when trying to connect)/.test(message)
}
