import type { Json } from '../../shared/json.ts'
import { issuePriorities } from '../model/issue-tracker.ts'
import { badRequest } from '../simulator-error.ts'
import { instant } from './instant.ts'
import type { Literal, Operator } from './parse-query.ts'

type FieldKind = 'number' | 'boolean' | 'date' | 'text'

/** Every queryable field of one kind ends in the same words: no listing needs to say it again. */
const kinds: [FieldKind, RegExp][] = [
  [
    'number',
    /(^|\.)(id|size|(comment|task)_count|votes|watches|lines?|to|from|start_to|start_from|lines_(added|removed))$/,
  ],
  [
    'boolean',
    /(^|\.)(is_private|has_issues|has_wiki|draft|queued|deleted|pending|approved|close_source_branch|administrator)$/,
  ],
  ['date', /(_on|(^|\.)date)$/],
]

function kindOf(field: string): FieldKind {
  return kinds.find(([, pattern]) => pattern.test(field))?.[0] ?? 'text'
}

function fits(kind: FieldKind, literal: Literal): boolean {
  switch (kind) {
    case 'number':
      return literal.kind === 'number' || (literal.kind === 'text' && /^-?\d+(\.\d+)?$/.test(literal.value))
    case 'boolean':
      return literal.kind === 'boolean'
    case 'date':
      return literal.kind === 'date' || (literal.kind === 'text' && !Number.isNaN(instant(literal.value)))
    case 'text':
      return literal.kind === 'text'
    default:
      return kind satisfies never
  }
}

function show(literal: Literal): string {
  return literal.kind === 'null' ? 'null' : String(literal.value)
}

/** Refuses with 400 what cannot be asked of a field of its kind: `id = "abc"`, `title > 5`, `is_private ~ "t"`. */
export function assertComparable(field: string, operator: Operator, literals: Literal[]): void {
  const kind = kindOf(field)
  const isSearch = operator === '~' || operator === '!~'
  if (isSearch && kind !== 'text') throw badRequest(`Operator ${operator} cannot be used with field: ${field}`)
  const orders = operator.startsWith('<') || operator.startsWith('>')
  for (const literal of literals) {
    const isFit = literal.kind === 'null' ? !isSearch && !orders : fits(kind, literal)
    if (!isFit) throw badRequest(`Invalid value for field ${field}: ${show(literal)}`)
  }
}

const permissions = ['none', 'read', 'collaborator', 'member', 'write', 'create-project', 'admin', 'owner']

/** Words with an order of their own. */
function rank(field: string, text: string): number | undefined {
  const words: readonly string[] | undefined = { priority: issuePriorities, permission: permissions }[field]
  const index = words?.indexOf(text) ?? -1
  return index === -1 ? undefined : index
}

function compareText(field: string, value: string, other: string): number {
  const [left, right] = [rank(field, value), rank(field, other)]
  if (left !== undefined && right !== undefined) return left - right
  // Twelve characters of a hash stand for the whole.
  if (field.endsWith('commit.hash') && other.startsWith(value)) return 0
  return value === other ? 0 : value < other ? -1 : 1
}

/** Less than, equal, greater than 0; undefined when the two cannot be compared. */
export function compare(field: string, value: Json, literal: Literal): number | undefined {
  switch (literal.kind) {
    case 'null':
      return value === null ? 0 : undefined
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) - Number(literal.value) : undefined
    case 'number':
      return typeof value === 'number' ? value - literal.value : undefined
    case 'date':
      return typeof value === 'string' ? instant(value) - literal.value : undefined
    case 'text': {
      if (typeof value === 'number') return value - Number(literal.value)
      if (typeof value !== 'string') return undefined
      return kindOf(field) === 'date'
        ? instant(value) - instant(literal.value)
        : compareText(field, value, literal.value)
    }
    default:
      return literal satisfies never
  }
}

/** Case-insensitive *contains*. */
export function contains(value: Json, literal: Literal): boolean {
  return (
    typeof value === 'string' && literal.kind === 'text' && value.toLowerCase().includes(literal.value.toLowerCase())
  )
}

function toText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What `sort` compares of a value, worked out once for each: the instant of a date, the place of a word in its order. */
export function sortKey(field: string): (value: Json) => Json {
  const isDate = kindOf(field) === 'date'
  return (value) => {
    if (value === null || typeof value === 'number') return value
    const text = toText(value)
    return isDate ? instant(text) : (rank(field, text) ?? text)
  }
}

/** The order of two such keys; null comes first. */
export function order(one: Json, other: Json): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null)
  if (typeof one === 'number' && typeof other === 'number') return one - other
  const [left, right] = [toText(one), toText(other)]
  return left < right ? -1 : left > right ? 1 : 0
}
