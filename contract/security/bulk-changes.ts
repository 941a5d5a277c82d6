import * as z from 'zod'
import { calendarDate, id, idParams, page, pageQuery, repeated, severity, status, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { tag } from './assets.ts'
import { vulnerabilityFilters } from './vulnerability-filters.ts'

/** What is done to each of the vulnerabilities. */
export const change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('move'),
    to: status,
    reason: z.string().trim().max(2000).optional(),
    accepted_until: calendarDate.optional(),
  }),
  /** `null` takes the assignment away. */
  z.strictObject({ kind: z.literal('assign'), assignee_id: id.nullable() }),
  z.strictObject({
    kind: z.literal('tags'),
    add: z.array(tag).max(20).default([]),
    remove: z.array(tag).max(20).default([]),
  }),
  z.strictObject({ kind: z.literal('severity'), severity, reason: z.string().trim().min(1).max(2000) }),
  /** Left out: the tracker of the route. */
  z.strictObject({ kind: z.literal('send'), tracker: z.string().max(100).optional() }),
])

export type Change = z.infer<typeof change>

/** In JSON a filter is a boolean or a number, in an address the same filter is a word. */
function toWords(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, typeof item === 'boolean' ? String(item) : item]),
  )
}

/** Ids as the page shows them, or everything the filters of the list match now. */
const target = {
  ids: z.array(id).min(1).max(10_000).optional(),
  filters: z.preprocess(toWords, z.strictObject(vulnerabilityFilters)).optional(),
}

const changeRequest = z
  .strictObject({ ...target, change })
  .refine(({ ids, filters }) => (ids === undefined) !== (filters === undefined), {
    message: 'Give either ids or filters.',
    path: ['ids'],
  })

export type ChangeRequest = z.infer<typeof changeRequest>

export const bulkChangeKind = z.enum(['move', 'assign', 'tags', 'severity', 'send', 'undo'])
export const itemState = z.enum(['waiting', 'changed', 'unchanged', 'refused'])

const counts = {
  total: z.number().int(),
  changed: z.number().int(),
  unchanged: z.number().int(),
  refused: z.number().int(),
}

export const previewBulkChange = defineRoute({
  id: 'previewBulkChange',
  method: 'POST',
  path: '/api/v1/bulk-changes/preview',
  summary:
    'What a change of many vulnerabilities would do now, with the reasons of what it would not; nothing is written',
  tag: 'Bulk changes',
  access: 'vulnerability.work',
  status: 200,
  body: changeRequest,
  response: z.object({
    ...counts,
    /** What still has to be said with it. */
    needs: z.array(z.enum(['reason', 'accepted_until'])),
    /** Why some stay as they are, the most frequent reason first. */
    groups: z.array(z.object({ state: z.enum(['unchanged', 'refused']), reason: z.string(), count: z.number().int() })),
  }),
})

export const bulkChange = z.object({
  id,
  kind: bulkChangeKind,
  /** In words for people: `Status: False positive`. */
  summary: z.string(),
  reason: z.string().nullable(),
  state: z.enum(['running', 'done', 'cancelled']),
  /** Why it was stopped, in a sentence, where no person stopped it; null otherwise. */
  stop_reason: z.string().nullable(),
  ...counts,
  member: z.object({ id, name: z.string() }),
  /** The change this one takes back. */
  undoes: id.nullable(),
  undone_by: id.nullable(),
  /** Whether the asking member can take it back, and if not, why. */
  undo: z.object({ available: z.boolean(), reason: z.string().nullable(), until: timestamp.nullable() }),
  /** Whether what became of each vulnerability is still there to be read. */
  items_kept: z.boolean(),
  created_at: timestamp,
  finished_at: timestamp.nullable(),
})

export type BulkChange = z.infer<typeof bulkChange>

export const createBulkChange = defineRoute({
  id: 'createBulkChange',
  method: 'POST',
  path: '/api/v1/bulk-changes',
  summary: 'Change many vulnerabilities as one job; those that match when it is asked for, and no others',
  tag: 'Bulk changes',
  access: 'vulnerability.work',
  status: 201,
  body: changeRequest,
  response: bulkChange,
})

export const listBulkChanges = defineRoute({
  id: 'listBulkChanges',
  method: 'GET',
  path: '/api/v1/bulk-changes',
  summary: 'Bulk changes, newest first',
  tag: 'Bulk changes',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    state: repeated(bulkChange.shape.state),
    /** Those of the asking member alone. */
    mine: z.stringbool().optional(),
  }),
  response: page(bulkChange),
})

export const getBulkChange = defineRoute({
  id: 'getBulkChange',
  method: 'GET',
  path: '/api/v1/bulk-changes/:id',
  summary: 'One bulk change: how far it is and what came of it',
  tag: 'Bulk changes',
  access: 'read',
  status: 200,
  params: idParams,
  response: bulkChange,
})

export const bulkChangeItem = z.object({
  vulnerability: z.object({ id, number: z.number().int(), title: z.string(), severity, status }),
  state: itemState,
  reason: z.string().nullable(),
})

export type BulkChangeItem = z.infer<typeof bulkChangeItem>

export const listBulkChangeItems = defineRoute({
  id: 'listBulkChangeItems',
  method: 'GET',
  path: '/api/v1/bulk-changes/:id/items',
  summary: 'The vulnerabilities of a bulk change, each with what came of it',
  tag: 'Bulk changes',
  access: 'read',
  status: 200,
  params: idParams,
  query: z.strictObject({ ...pageQuery, state: repeated(itemState) }),
  response: page(bulkChangeItem),
})

export const cancelBulkChange = defineRoute({
  id: 'cancelBulkChange',
  method: 'POST',
  path: '/api/v1/bulk-changes/:id/cancel',
  summary: 'Stop a bulk change; what was changed stays changed',
  tag: 'Bulk changes',
  access: 'vulnerability.work',
  status: 200,
  params: idParams,
  response: bulkChange,
})

export const undoBulkChange = defineRoute({
  id: 'undoBulkChange',
  method: 'POST',
  path: '/api/v1/bulk-changes/:id/undo',
  summary: 'Take a bulk change back where nobody touched a vulnerability since; a bulk change of its own',
  tag: 'Bulk changes',
  access: 'vulnerability.work',
  status: 201,
  params: idParams,
  response: bulkChange,
})
