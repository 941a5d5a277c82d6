import type { Json } from '../shared/json.ts'

/** A refusal that reaches the caller. Most have Jira's shape; the gateway and the login have shapes of their own. */
export class JiraError extends Error {
  readonly status: number
  readonly body: Json
  readonly headers: Record<string, string>
  /** For people: what went wrong, and where. */
  readonly fields: Record<string, string>

  constructor(
    status: number,
    body: Json,
    parts: { message: string; headers?: Record<string, string>; fields?: Record<string, string> },
  ) {
    super(parts.message)
    this.status = status
    this.body = body
    this.headers = parts.headers ?? {}
    this.fields = parts.fields ?? {}
  }
}

/** `{errorMessages:[message],errors:{}}`. */
export function refusal(status: number, message: string): JiraError {
  return new JiraError(status, { errorMessages: [message], errors: {} }, { message })
}

export function badRequest(message: string): JiraError {
  return refusal(400, message)
}

/** `{errorMessages:[],errors:{field:message}}`. */
export function fieldErrors(errors: Record<string, string>): JiraError {
  const message = 'Some fields are not valid.'
  return new JiraError(400, { errorMessages: [], errors }, { message, fields: errors })
}

export function issueNotFound(): JiraError {
  return refusal(404, 'Issue does not exist or you do not have permission to see it.')
}

/** What a call that needs somebody answers to nobody; also to wrong credentials. */
export function notAuthenticated(headers: Record<string, string> = {}): JiraError {
  const message = 'Client must be authenticated to access this resource.'
  return new JiraError(401, { message, 'status-code': 401 }, { message, headers })
}

/** A refusal of api.atlassian.com, before Jira is asked. */
export function gatewayError(status: number, message: string): JiraError {
  return new JiraError(status, { code: status, message }, { message })
}
