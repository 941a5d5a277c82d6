import type { Problem } from '../../contract/primitives.ts'

export type ProblemFacts = Pick<Problem, 'title' | 'detail' | 'code' | 'id' | 'status'> & {
  readonly fields?: Record<string, string[]> | undefined
}

/** A refusal of the server (RFC 9457), or a server that did not answer (`code: 'unreachable'`, status 0). */
export class ApiProblem extends Error {
  readonly title: string
  readonly detail: string
  readonly code: string
  readonly id: string
  readonly status: number
  readonly fields: Record<string, string[]>

  constructor(facts: ProblemFacts) {
    super(facts.detail)
    this.name = 'ApiProblem'
    this.title = facts.title
    this.detail = facts.detail
    this.code = facts.code
    this.id = facts.id
    this.status = facts.status
    this.fields = facts.fields ?? {}
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}

function fieldsOf(value: unknown): Record<string, string[]> {
  if (!isRecord(value)) return {}
  return Object.fromEntries(
    Object.entries(value).map(([key, texts]) => [
      key,
      Array.isArray(texts) ? texts.filter((text) => typeof text === 'string') : [],
    ]),
  )
}

/** Reads an error answer; whatever stands in front of the server (a proxy) may answer with something else. */
export function parseProblem(status: number, text: string): ApiProblem {
  let value: unknown = null
  try {
    value = JSON.parse(text)
  } catch {
    value = null
  }
  const facts = isRecord(value) ? value : {}
  return new ApiProblem({
    status,
    title: textOf(facts.title, `The server answered ${status}`),
    detail: textOf(facts.detail, 'The answer did not come from Weir itself. Check the reverse proxy, then try again.'),
    code: textOf(facts.code, `http_${status}`),
    id: textOf(facts.id, ''),
    fields: fieldsOf(facts.fields),
  })
}

export function unreachable(): ApiProblem {
  return new ApiProblem({
    status: 0,
    title: 'Weir cannot be reached',
    detail: 'The server did not answer. Check your connection; nothing you typed is lost.',
    code: 'unreachable',
    id: '',
  })
}

/** Any thrown value as a problem that can be shown; a bug of the page keeps its message. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new ApiProblem({ status: 0, title: 'The page failed', detail, code: 'page_error', id: '' })
}

/** Nothing has this id: because none was found, or because it cannot be one. */
export function isMissing(error: unknown): boolean {
  const { status, code, fields } = toProblem(error)
  return status === 404 || (code === 'validation_failed' && fields['id'] !== undefined)
}
