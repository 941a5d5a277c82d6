import type { Json, JsonObject } from '../shared/json.ts'

interface ErrorParts {
  detail?: Json
  fields?: Record<string, string[]>
  data?: JsonObject
  id?: string
  headers?: Record<string, string>
}

/** A refusal that reaches the caller in Bitbucket's error envelope. */
export class SimulatorError extends Error {
  readonly status: number
  readonly parts: ErrorParts

  constructor(status: number, message: string, parts: ErrorParts = {}) {
    super(message)
    this.status = status
    this.parts = parts
  }
}

/** What is wrong in one line, the fields included. */
export function explain(error: SimulatorError): string {
  const fields = Object.entries(error.parts.fields ?? {}).map(([name, problems]) => `${name}: ${problems.join(' ')}`)
  return [error.message, ...fields].join(' · ')
}

/** `{"type":"error","error":{…}}`; `error.data` is repeated at the top level. */
export function toEnvelope(error: SimulatorError): JsonObject {
  const { detail, fields, data, id } = error.parts
  const inner: JsonObject = { message: error.message }
  if (detail !== undefined) inner['detail'] = detail
  if (fields !== undefined) inner['fields'] = fields
  if (id !== undefined) inner['id'] = id
  if (data === undefined) return { type: 'error', error: inner }
  inner['data'] = data
  return { type: 'error', error: inner, data }
}

/** What a removed feature answers, whatever the method. */
export function goneError(change: string): SimulatorError {
  return new SimulatorError(410, `${change} - Functionality has been deprecated`, {
    detail: 'Please read the changelog entry for more details.',
    data: { announcement_url: `https://developer.atlassian.com/cloud/bitbucket/changelog#${change}` },
  })
}

export function badRequest(message: string, fields?: Record<string, string[]>): SimulatorError {
  return new SimulatorError(400, message, fields === undefined ? {} : { fields })
}

/** One field is wrong: the message says the same as `fields`. */
export function wrongField(field: string, text: string): SimulatorError {
  return badRequest(`${field}: ${text}`, { [field]: [text] })
}

export function notFound(message: string): SimulatorError {
  return new SimulatorError(404, message)
}

export function forbidden(message: string): SimulatorError {
  return new SimulatorError(403, message)
}

/** The remote's own status for what it gave up on. */
export function tookTooLong(message: string): SimulatorError {
  return new SimulatorError(555, message)
}
