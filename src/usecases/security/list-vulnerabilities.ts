import type * as z from 'zod'
import type { listVulnerabilities as route } from '../../../contract/security/vulnerabilities.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import {
  countFacet,
  countVulnerabilities,
  type ListPosition,
  listVulnerabilityIds,
  type SortField,
} from '../../store/security/vulnerability-list.ts'
import { listSummaries } from '../../store/security/vulnerability-summaries.ts'

type Query = z.output<NonNullable<(typeof route)['query']>>
type Answer = z.output<NonNullable<(typeof route)['response']>>

const defaultLimit = 50
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** One page of vulnerabilities with the counts beside the filters, as one member sees them. Throws `validation_failed` at a foreign cursor. */
export async function listVulnerabilities(
  deps: { db: Db },
  input: { organizationId: string; memberId: string; query: Query },
): Promise<Answer> {
  const { db } = deps
  const { organizationId, memberId } = input
  const { cursor, limit = defaultLimit, sort = 'severity', ...filters } = input.query
  const isDescending = sort.startsWith('-')
  const field = toField(sort)
  const scope = { organizationId, memberId }
  const after = cursor === undefined ? null : parseCursor(cursor, sort)
  const positions = await listVulnerabilityIds(db, { ...scope, filters, sort: field, isDescending, after, limit })
  const shown = positions.slice(0, limit)
  const last = positions.length > limit ? shown.at(-1) : undefined
  const [items, total, severity, status, scanner] = await Promise.all([
    listSummaries(db, { ...scope, ids: shown.map((position) => position.id) }),
    countVulnerabilities(db, scope, filters),
    countFacet(db, scope, { facet: 'severity', filters }),
    countFacet(db, scope, { facet: 'status', filters }),
    countFacet(db, scope, { facet: 'scanner', filters }),
  ])
  return { items, next: last === undefined ? null : toCursor(last, sort), total, facets: { severity, status, scanner } }
}

type Sort = NonNullable<Query['sort']>

function toField(sort: Sort): SortField {
  switch (sort) {
    case '-severity':
      return 'severity'
    case '-opened_at':
      return 'opened_at'
    case '-updated_at':
      return 'updated_at'
    case '-number':
      return 'number'
    case '-title':
      return 'title'
    case '-status':
      return 'status'
    default:
      return sort
  }
}

function toCursor({ value, id }: ListPosition, sort: Sort): string {
  return Buffer.from(JSON.stringify([sort, value, id])).toString('base64url')
}

/** A cursor is only good for the order it was given for. */
function parseCursor(cursor: string, sort: Sort): ListPosition {
  const parsed = parseJson(Buffer.from(cursor, 'base64url').toString())
  if (Array.isArray(parsed)) {
    const [of, value, id]: unknown[] = parsed
    if (of === sort && typeof value === 'string' && typeof id === 'string' && uuid.test(id) && fits(value, sort))
      return { value, id }
  }
  throw new AppError('validation_failed', 'cursor: take it from `next` of the page before, and keep the same sort.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The database reads the value as the field's type; what does not look like one never gets there. */
function fits(value: string, sort: Sort): boolean {
  switch (toField(sort)) {
    case 'title':
      return !value.includes('\0')
    case 'opened_at':
    case 'updated_at':
      return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d(:\d\d)?$/.test(value)
    case 'severity':
    case 'status':
    case 'number':
      return /^\d{1,9}$/.test(value)
  }
}
