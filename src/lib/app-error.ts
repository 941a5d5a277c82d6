/** What the catalogue knows of a foreseen failure: HTTP status of the answer, a short title, and whether waiting can help. */
export type ErrorEntry = { readonly status: number; readonly title: string; readonly retryable: boolean }

const final = (status: number, title: string) => ({ status, title, retryable: false }) as const
const passing = (status: number, title: string) => ({ status, title, retryable: true }) as const

/** Every foreseen failure Weir can name; `docs/errors.md` is written from it. */
export const errorCatalogue = {
  validation_failed: final(422, 'A field of the request is not acceptable'),
  unauthenticated: final(401, 'Log in first'),
  forbidden: final(403, 'Your role does not allow this'),
  not_found: final(404, 'There is no such thing here'),
  conflict: final(409, 'The present state does not allow this'),
  gone: final(410, 'This is no longer available'),
  rate_limited: passing(429, 'Too many requests'),
  payload_too_large: final(413, 'The request is too large'),
  unsupported_media_type: final(415, 'This type of content is not accepted here'),
  internal: final(500, 'Something went wrong inside Weir'),
  unavailable: passing(503, 'Weir cannot answer at the moment'),
  route_missing: final(404, 'There is no such address'),
  idempotency_conflict: final(409, 'This idempotency key was used for another request'),

  setup_required: final(409, 'Weir is not set up yet'),
  setup_done: final(404, 'Weir is set up already'),
  invite_invalid: final(410, 'This invitation cannot be used'),

  credential_rejected: final(422, 'The credential was not accepted'),
  scope_missing: final(422, 'The credential lacks a permission'),
  app_password_gone: final(422, 'App passwords no longer exist'),
  address_refused: final(422, 'Weir may not connect to this address'),

  remote_unauthorized: final(502, 'The remote did not accept our credential'),
  remote_forbidden: final(502, 'The remote does not allow this to our credential'),
  remote_not_found: final(502, 'The remote does not know this'),
  remote_gone: final(502, 'The remote has withdrawn this'),
  remote_rate_limited: passing(503, 'The remote asks us to slow down'),
  remote_unavailable: passing(503, 'The remote cannot be reached or failed'),
  remote_invalid_answer: final(502, 'The remote gave an answer that makes no sense'),
  remote_refused: final(502, 'The remote refused the request'),
  tracker_gone: final(410, 'This tracker no longer exists'),

  report_not_recognised: final(422, 'No scanner format fits this file'),
  report_packed: final(422, 'The file is packed: unpack it and send the report inside'),
  report_truncated: final(422, 'The report is cut off'),
  report_wrong_encoding: final(422, 'The report is not UTF-8'),
  report_too_large: final(413, 'The report is too large'),
  report_no_runs: final(422, 'The report holds no scan'),
  report_too_many_results: final(422, 'The report holds too many results'),
  report_invalid: final(422, 'The report does not follow its format'),
  import_held: final(409, 'The import is held back'),
  import_not_undoable: final(409, 'The import cannot be undone'),
  intelligence_invalid: final(422, 'The file of scores, exploited vulnerabilities or aliases cannot be read'),

  status_move_refused: final(409, 'This status cannot follow the present one'),
  reason_required: final(422, 'A reason is required'),

  config_invalid: final(500, 'The configuration has mistakes'),
  database_in_use: final(500, 'The data folder belongs to a running Weir'),
  schema_newer: final(500, 'The database belongs to a newer Weir'),
  backup_invalid: final(422, 'The file is not a whole backup'),
  schema_changed: final(500, 'The database was made by other migrations'),
} as const satisfies Record<string, ErrorEntry>

/** The name of a foreseen failure, in snake case; part of the API. */
export type ErrorCode = keyof typeof errorCatalogue

/** Facts beside the sentence (fields at fault, missing scopes, seconds to wait); shown to the user, so never a secret. */
export type ErrorMeta = Readonly<Record<string, unknown>>

/** A foreseen failure. `detail` and `meta` are safe to show; `cause` goes to the log only. */
export class AppError extends Error {
  override readonly name = 'AppError'
  readonly code: ErrorCode
  readonly status: number
  readonly title: string
  readonly retryable: boolean
  readonly detail: string
  readonly meta: ErrorMeta | undefined

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; meta?: ErrorMeta } = {}) {
    super(`${code}: ${detail}`, options.cause === undefined ? undefined : { cause: options.cause })
    const entry = errorCatalogue[code]
    this.code = code
    this.status = entry.status
    this.title = entry.title
    this.retryable = entry.retryable
    this.detail = detail
    this.meta = options.meta
  }
}

/** Whether `error` is a foreseen failure, of that code when one is given. */
export function isAppError(error: unknown, code?: ErrorCode): error is AppError {
  return error instanceof AppError && (code === undefined || error.code === code)
}
