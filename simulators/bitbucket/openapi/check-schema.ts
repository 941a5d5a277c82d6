import { at, isObject } from '../../shared/json.ts'

/** A Swagger 2.0 document. */
export type Document = Record<string, unknown>

interface Operation {
  template: string
  responses: Record<string, unknown>
}

const isParameter = (segment: string) => /^[:{*]/.test(segment)

/** The documented operation of one of our paths (`:name`, final `*`), if the document has it. */
export function findOperation(document: Document, method: string, path: string): Operation | undefined {
  const wanted = path.replace(/\/$/, '').split('/')
  const paths = at(document, 'paths')
  if (!isObject(paths)) return undefined
  for (const [template, operations] of Object.entries(paths)) {
    const known = template.replace(/\/$/, '').split('/')
    const same =
      known.length === wanted.length && known.every((segment, index) => sameSegment(segment, wanted[index] ?? ''))
    const responses = at(operations, method.toLowerCase(), 'responses')
    if (same && isObject(responses)) return { template, responses }
  }
  return undefined
}

function sameSegment(one: string, other: string): boolean {
  return one === other || (isParameter(one) && isParameter(other))
}

interface Merged {
  properties: Record<string, unknown>
  required: string[]
  closed: boolean
  parts: Record<string, unknown>[]
}

function resolve(document: Document, schema: unknown): Record<string, unknown> {
  const reference = at(schema, '$ref')
  if (typeof reference === 'string')
    return resolve(document, at(document, 'definitions', reference.split('/').at(-1) ?? ''))
  return isObject(schema) ? schema : {}
}

/** All of a schema's `allOf` parts as one: what a closed part allows is what all of them name together. */
function mergeParts(document: Document, schema: unknown): Merged {
  const whole = resolve(document, schema)
  const inner = Array.isArray(whole['allOf']) ? whole['allOf'].map((part) => mergeParts(document, part)) : []
  const own = isObject(whole['properties']) ? whole['properties'] : {}
  const required = Array.isArray(whole['required']) ? whole['required'].map(String) : []
  return {
    properties: Object.assign({}, ...inner.map((part) => part.properties), own),
    required: [...inner.flatMap((part) => part.required), ...required],
    closed: whole['additionalProperties'] === false || inner.some((part) => part.closed),
    parts: [whole, ...inner.flatMap((part) => part.parts)],
  }
}

function typeProblem(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'object':
      return !isObject(value)
    case 'array':
      return !Array.isArray(value)
    case 'string':
      return typeof value !== 'string'
    case 'boolean':
      return typeof value !== 'boolean'
    case 'integer':
      return !Number.isInteger(value)
    case 'number':
      return typeof value !== 'number'
    default:
      return false
  }
}

function formatProblem(format: unknown, value: unknown): boolean {
  if (typeof value !== 'string') return false
  if (format === 'date-time') return Number.isNaN(Date.parse(value)) || !/T.*(Z|[+-]\d\d:\d\d)$/.test(value)
  return format === 'uri' && !URL.canParse(value)
}

function scalarProblems(part: Record<string, unknown>, value: unknown, path: string): string[] {
  const found: string[] = []
  if (typeProblem(part['type'], value)) found.push(`${path}: not ${String(part['type'])}`)
  if (Array.isArray(part['enum']) && !part['enum'].includes(value))
    found.push(`${path}: ${String(value)} is not in the enum`)
  if (formatProblem(part['format'], value)) found.push(`${path}: not a ${String(part['format'])}`)
  if (typeof part['pattern'] === 'string' && typeof value === 'string' && !new RegExp(part['pattern']).test(value)) {
    found.push(`${path}: does not match ${part['pattern']}`)
  }
  if (typeof part['minimum'] === 'number' && typeof value === 'number' && value < part['minimum'])
    found.push(`${path}: too small`)
  return found
}

/**
 * What is wrong with a value by a schema; empty when nothing is. Null passes wherever the key may be missing: Swagger 2.0
 * cannot say nullable, and the remote's recorded answers are full of nulls.
 */
export function schemaProblems(document: Document, schema: unknown, value: unknown, path = ''): string[] {
  if (value === null) return []
  const merged = mergeParts(document, schema)
  const found = merged.parts.flatMap((part) => scalarProblems(part, value, path))
  if (Array.isArray(value)) {
    const items = merged.parts.find((part) => part['items'] !== undefined)?.['items']
    return [...found, ...value.flatMap((member, index) => schemaProblems(document, items, member, `${path}[${index}]`))]
  }
  if (!isObject(value)) return found
  for (const name of merged.required) if (!Object.hasOwn(value, name)) found.push(`${path}.${name}: missing`)
  for (const [name, member] of Object.entries(value)) {
    const known = merged.properties[name]
    if (known !== undefined) found.push(...schemaProblems(document, known, member, `${path}.${name}`))
    else if (merged.closed) found.push(`${path}.${name}: not in the schema`)
  }
  return found
}
