import { isJsonObject, isObject, type Json } from '../shared/json.ts'
import { documentToText } from './adf/document-to-text.ts'
import { textToDocument } from './adf/text-to-document.ts'
import type { Call, Endpoint } from './call.ts'
import { fieldErrors } from './jira-error.ts'

const [version3, version2] = ['/rest/api/3', '/rest/api/2'] as const

/** Documents are unknown to version 2: sent as one, a text is refused. */
function readText(value: unknown, field: 'comment' | 'description'): unknown {
  if (typeof value === 'string') return textToDocument(value)
  if (!isObject(value)) return value
  const problem = field === 'comment' ? 'Comment body is not valid!' : 'Operation value must be a string'
  throw fieldErrors({ [field]: problem })
}

function change(value: unknown, key: string, by: (part: unknown) => unknown): unknown {
  return isObject(value) && value[key] !== undefined ? { ...value, [key]: by(value[key]) } : value
}

const each = (by: (one: unknown) => unknown) => (value: unknown) => (Array.isArray(value) ? value.map(by) : value)

const description = (value: unknown) => readText(value, 'description')
const comment = (value: unknown) => readText(value, 'comment')
const inFields = (fields: unknown) => change(fields, 'description', description)
const inUpdate = (update: unknown) => {
  const descriptions = each((one) => change(one, 'set', description))
  const comments = each((one) => change(one, 'add', (add) => change(add, 'body', comment)))
  return change(change(update, 'description', descriptions), 'comment', comments)
}

/** What is sent, with a document wherever version 3 wants one. */
function withDocuments(sent: unknown): unknown {
  return change(change(change(sent, 'fields', inFields), 'update', inUpdate), 'body', comment)
}

/** An answer with text in place of documents, and addresses of this version. Entity properties are whatever was put in. */
function withTexts(value: Json, base: string): Json {
  if (typeof value === 'string')
    return value.startsWith(`${base}${version3}/`)
      ? `${base}${version2}${value.slice(base.length + version3.length)}`
      : value
  if (Array.isArray(value)) return value.map((one) => withTexts(one, base))
  if (!isJsonObject(value)) return value
  if (value['type'] === 'doc' && value['version'] === 1) return documentToText(value)
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === 'properties' ? part : withTexts(part, base)]),
  )
}

/** The same operation in version 2 of the API, where descriptions and comments are text. */
function inVersion2(endpoint: Endpoint): Endpoint {
  const isProperty = endpoint.path.includes('/properties')
  const handle = (call: Call) => {
    const answer = endpoint.handle(isProperty ? call : { ...call, body: withDocuments(call.body) })
    return answer.body === undefined || isProperty ? answer : { ...answer, body: withTexts(answer.body, call.base) }
  }
  return { ...endpoint, path: endpoint.path.replace(version3, version2), handle }
}

/** Every operation of version 3 again, as version 2 has it. */
export function version2Of(endpoints: readonly Endpoint[]): Endpoint[] {
  return endpoints.filter(({ path }) => path.startsWith(version3)).map(inVersion2)
}
