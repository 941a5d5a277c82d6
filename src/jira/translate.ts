import * as z from 'zod'
import type { JiraEvent, JiraTranslation } from './event.ts'

/** Ids come as texts, in older payloads as numbers. */
const id = z.union([z.string().regex(/^\d{1,19}$/), z.number().int().nonnegative()]).transform(String)

/** Closed accounts may be missing or lack what we read; that is no reason to lose the event. */
const actor = z
  .object({ accountId: z.string().min(1), displayName: z.string().optional() })
  .transform((value) => ({ uuid: value.accountId, displayName: value.displayName ?? 'somebody' }))
  .nullish()
  .catch(null)

/** Only to know what is known already; whatever else it says is fetched. */
const statusOf = z
  .object({ status: z.object({ name: z.string() }) })
  .optional()
  .catch(undefined)

const issuePayload = z.object({
  issue: z.object({ id, fields: statusOf }),
  user: actor,
  issue_event_type_name: z.string().optional().catch(undefined),
  changelog: z
    .object({ items: z.array(z.object({ field: z.string() })) })
    .optional()
    .catch(undefined),
})

const commentPayload = z.object({
  issue: z.object({ id }),
  comment: z.object({
    id,
    author: actor,
    updateAuthor: actor,
    updated: z
      .string()
      .transform((text) => new Date(text))
      .refine((at) => !Number.isNaN(at.getTime()))
      .nullish()
      .catch(null),
  }),
  eventType: z.string().optional().catch(undefined),
})

const readers = new Map<string, (payload: unknown) => JiraTranslation>([
  ['jira:issue_updated', read(issuePayload, updated)],
  ['jira:issue_deleted', read(issuePayload, (value) => issueEvent(value, 'deleted'))],
  ['comment_created', comment('created')],
  ['comment_updated', comment('updated')],
  ['comment_deleted', comment('deleted')],
])

/** Says what a webhook of Jira means. Pure, and never throws, whatever the payload is. */
export function translateJira(eventKey: string, payload: unknown): JiraTranslation {
  const reader = readers.get(eventKey)
  return reader === undefined ? { kind: 'ignored', reason: `Weir has no use for ${eventKey}.` } : reader(payload)
}

function read<Schema extends z.ZodType>(
  schema: Schema,
  toTranslation: (value: z.output<Schema>) => JiraTranslation,
): (payload: unknown) => JiraTranslation {
  return (payload) => {
    const parsed = schema.safeParse(payload)
    if (parsed.success) return toTranslation(parsed.data)
    const places = parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`)
    return { kind: 'malformed', reason: places.join('; ') }
  }
}

type IssuePayload = z.output<typeof issuePayload>

/** Changes of these move an issue, take it elsewhere, or give it files; all others leave what Weir keeps of it as it is. */
const movingElsewhere = ['project', 'Key', 'issuetype', 'Attachment']
const moving = ['status', 'resolution', ...movingElsewhere]

function updated(value: IssuePayload): JiraTranslation {
  // Every comment is told twice; its own event says more.
  if (value.issue_event_type_name?.startsWith('issue_comment') === true)
    return { kind: 'ignored', reason: 'A comment has an event of its own.' }
  const items = value.changelog?.items
  if (items !== undefined && items.length > 0 && !items.some(({ field }) => moving.includes(field)))
    return { kind: 'ignored', reason: `Weir keeps nothing of ${items.map(({ field }) => field).join(', ')}.` }
  return issueEvent(value, 'updated')
}

function issueEvent(value: IssuePayload, change: Extract<JiraEvent, { kind: 'issue' }>['change']): JiraTranslation {
  const fields = value.changelog?.items.map(({ field }) => field) ?? []
  const isMoveAlone = fields.length > 0 && fields.every((field) => !movingElsewhere.includes(field))
  const status = isMoveAlone ? (value.issue.fields?.status.name ?? null) : null
  return { kind: 'event', event: { kind: 'issue', change, issueId: value.issue.id, actor: value.user ?? null, status } }
}

function comment(change: Extract<JiraEvent, { kind: 'comment' }>['change']) {
  return read(commentPayload, (value): JiraTranslation => {
    // With an issue its comments go too; nobody took back what they said.
    if (value.eventType === 'secondaryAction')
      return { kind: 'ignored', reason: 'It follows from another change, which has an event of its own.' }
    const { issue, comment: said } = value
    const by = said.updateAuthor ?? said.author ?? null
    const toldOf = said.updated ?? null
    return {
      kind: 'event',
      event: { kind: 'comment', change, issueId: issue.id, commentId: said.id, actor: by, toldOf },
    }
  })
}
