import { cutText } from '../lib/cut-text.ts'
import type { HttpAnswer } from '../lib/http-client.ts'

/** What could be read of a refusal, whatever form it came in: JSON envelope, bare string, plain text, HTML or nothing. */
export type ErrorBody = {
  message: string
  detail: string | null
  /** Scopes of a 403 that names them. */
  scopes: { required: string[]; granted: string[] } | null
  /** Where a withdrawn feature is explained. */
  announcement: string | null
  fields: Record<string, string[]>
}

/** Longest piece of a remote's words that is passed on. */
const longestMessage = 300
const fieldsAtMost = 10

/** Reads the body of an error answer; never throws. */
export function parseErrorBody(answer: Pick<HttpAnswer, 'headers' | 'text'>): ErrorBody {
  const text = answer.text().trim()
  const body: ErrorBody = { message: '', detail: null, scopes: null, announcement: null, fields: {} }
  const envelope = asRecord(parseJson(text))
  if (envelope === undefined) {
    const isHtml = text.startsWith('<') || (answer.headers['content-type'] ?? '').includes('html')
    return { ...body, message: isHtml ? 'a web page instead of an answer' : clip(text) }
  }
  const error = envelope['error'] ?? envelope['message']
  if (typeof error === 'string') return { ...body, message: clip(textOf(envelope['error_description']) ?? error) }
  const inner = asRecord(error) ?? {}
  const data = asRecord(inner['data']) ?? asRecord(envelope['data']) ?? {}
  return {
    message: clip(textOf(inner['message']) ?? ''),
    detail: clipped(inner['detail']),
    scopes: parseScopes(inner['detail']),
    announcement: clipped(data['announcement_url']),
    fields: parseFields(inner['fields']),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function parseScopes(detail: unknown): ErrorBody['scopes'] {
  const record = asRecord(detail)
  if (record === undefined || !Array.isArray(record['required'])) return null
  return { required: listOf(record['required']).map(clip), granted: listOf(record['granted']).map(clip) }
}

function parseFields(fields: unknown): Record<string, string[]> {
  const entries = Object.entries(asRecord(fields) ?? {}).slice(0, fieldsAtMost)
  return Object.fromEntries(
    entries.map(([field, messages]) => [clip(field), listOf([messages].flat()).slice(0, fieldsAtMost).map(clip)]),
  )
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function clipped(value: unknown): string | null {
  const text = textOf(value)
  return text === undefined ? null : clip(text)
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}

function clip(text: string): string {
  // Control characters too: the sentence goes into a log, a page and a column, and PostgreSQL's text holds no NUL.
  const line = text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .toWellFormed()
  return cutText(line, longestMessage)
}
