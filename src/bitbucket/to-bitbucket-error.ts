import { AppError } from '../lib/app-error.ts'
import { type HttpAnswer, parseRetryAfterS } from '../lib/http-client.ts'
import { parseErrorBody } from './error-body.ts'

type RefusedAnswer = Pick<HttpAnswer, 'status' | 'headers' | 'text'>

/**
 * The foreseen failure behind an answer that is no success. `what` names the request in words ("read the repository").
 * Meta: `remote_status`, and where known `remote_message`, `required`/`granted`/`missing` scopes, `announcement`,
 * `retry_after_s`, `remote_fields`.
 */
export function toBitbucketError(answer: RefusedAnswer, what: string, now: Date): AppError {
  const body = parseErrorBody(answer)
  const meta = {
    remote_status: answer.status,
    ...(body.message === '' ? {} : { remote_message: body.message }),
    ...(Object.keys(body.fields).length === 0 ? {} : { remote_fields: body.fields }),
  }
  const said = body.message === '' ? 'no reason given' : `"${body.message}"`
  const { status } = answer
  if (status === 401) return toUnauthorized(said, meta)
  if (status === 403) return toForbidden({ what, said, meta, scopes: body.scopes })
  if (status === 404)
    return new AppError(
      'remote_not_found',
      `Bitbucket does not find what it was asked to ${what} (${said}). It may be deleted, moved, or hidden from our credential.`,
      { meta },
    )
  if (status === 410)
    return new AppError(
      'remote_gone',
      `Bitbucket has withdrawn this for good: ${said}. ${body.announcement === null ? 'See its changelog.' : `Read ${body.announcement}.`}`,
      { meta: { ...meta, announcement: body.announcement } },
    )
  if (status === 429) return toRateLimited(answer, meta, now)
  if (status === 408 || status >= 500)
    return new AppError(
      'remote_unavailable',
      `Bitbucket failed with status ${status} (${said}). Nothing is wrong on our side; it is tried again later.`,
      { meta },
    )
  if (status >= 400)
    return new AppError(
      'remote_refused',
      `Bitbucket refused our request to ${what}: ${said}${listFields(body.fields)}.`,
      { meta },
    )
  return new AppError('remote_invalid_answer', `Bitbucket answered ${status} when asked to ${what}.`, { meta })
}

function toUnauthorized(said: string, meta: Record<string, unknown>): AppError {
  if (said.includes('no Bitbucket scopes'))
    return new AppError(
      'scope_missing',
      'The API token was made without Bitbucket scopes. Make a new one with "Create API token with scopes", choose Bitbucket, and tick the scopes listed here.',
      { meta: { ...meta, required: [], granted: [], missing: [] } },
    )
  return new AppError(
    'remote_unauthorized',
    `Bitbucket no longer accepts the credential (${said}). It is expired, revoked or mistyped: renew it on the Integrations page; waiting work then goes on.`,
    { meta },
  )
}

type Forbidden = {
  what: string
  said: string
  meta: Record<string, unknown>
  scopes: { required: string[]; granted: string[] } | null
}

function toForbidden({ what, said, meta, scopes }: Forbidden): AppError {
  if (scopes === null)
    return new AppError(
      'remote_forbidden',
      `The account behind the credential may not ${what} (${said}). Give it access in Bitbucket.`,
      { meta },
    )
  const missing = scopes.required.filter((scope) => !scopes.granted.includes(scope))
  return new AppError(
    'scope_missing',
    `To ${what}, the credential needs ${missing.join(', ')}, which it does not have. Make a new one with it and renew the connection.`,
    { meta: { ...meta, ...scopes, missing } },
  )
}

function toRateLimited(answer: RefusedAnswer, meta: Record<string, unknown>, now: Date): AppError {
  const retryAfterS = parseRetryAfterS(answer.headers['retry-after'], now)
  return new AppError(
    'remote_rate_limited',
    'Bitbucket asks us to slow down: the requests of this hour are spent. Work waits and goes on by itself.',
    { meta: { ...meta, ...(retryAfterS === undefined ? {} : { retry_after_s: retryAfterS }) } },
  )
}

function listFields(fields: Record<string, string[]>): string {
  const parts = Object.entries(fields).map(([field, messages]) => `${field}: ${messages.join(' ')}`)
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`
}
