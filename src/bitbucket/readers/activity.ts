import * as z from 'zod'
import { listKeys } from '../../domain/delivery/remediation/list-keys.ts'
import type { FeedRequest } from './feed-request.ts'
import { account, counted, maybeMoment, moment, type RecordAccount, text } from './record.ts'

/** Longest page Bitbucket gives; a longer one is refused. */
export const activityPerPage = 50

/** What happened to all pull requests of a repository, newest first. */
export function requestActivity(repositoryPath: string): FeedRequest {
  return {
    path: `${repositoryPath}/pullrequests/activity`,
    what: 'list what happened to the pull requests',
    query: { pagelen: activityPerPage },
  }
}

/** The same of one pull request, for repositories that refuse the whole. */
export function requestOwnActivity(repositoryPath: string, pullRequestId: number): FeedRequest {
  return {
    path: `${repositoryPath}/pullrequests/${pullRequestId}/activity`,
    what: `list what happened to pull request ${pullRequestId}`,
    query: { pagelen: activityPerPage },
  }
}

export type EventKind =
  | 'ready'
  | 'drafted'
  | 'edited'
  | 'commit_pushed'
  | 'comment'
  | 'approval'
  | 'changes_requested'
  | 'merged'
  | 'declined'
  | 'superseded'

/** One thing that happened. Of the same `kind` and `key` at one pull request, the earliest telling counts. */
export type EventEntry = {
  kind: EventKind
  key: string
  at: Date
  account: RecordAccount | null
  parentKey: string | null
  path: string | null
  isDeleted: boolean
  commit: string | null
  /** Of a comment: keys of items that stand in it, such as `SHOP-12`. Its words are not kept. Null without a text. */
  keys: readonly string[] | null
}

const verdict = z.object({ date: moment, user: account })
const comment = z.object({
  id: z.union([z.number(), z.string()]).transform(String),
  created_on: moment,
  user: account,
  deleted: z.boolean().nullish(),
  parent: z.object({ id: z.union([z.number(), z.string()]).transform(String) }).nullish(),
  inline: z.object({ path: text.nullish() }).nullish(),
  content: z.object({ raw: text.nullish() }).nullish().catch(null),
})
const update = z.object({
  date: moment,
  state: z.string().nullish(),
  author: account,
  source: z.object({ commit: z.object({ hash: z.string() }).nullish() }).nullish(),
  changes: z.record(z.string(), z.unknown()).nullish(),
})
const draftChange = z.object({ new: z.union([z.boolean(), z.string()]).transform((value) => String(value) === 'true') })

const bare = { parentKey: null, path: null, isDeleted: false, commit: null, keys: null }

/** One entry of the activity feed. A kind nobody knows yet is an entry without events. */
export const activityRecord = z
  .object({
    pull_request: z.object({
      id: counted,
      title: text.nullish(),
      links: z.object({ html: z.object({ href: z.string() }).nullish() }).nullish(),
    }),
    update: update.nullish(),
    approval: verdict.nullish(),
    changes_requested: verdict.nullish(),
    comment: comment.nullish(),
    created_on: maybeMoment.optional(),
  })
  .transform((value) => {
    const events = toEvents(value)
    return {
      key: `${value.pull_request.id} ${events.map(({ kind, key }) => `${kind} ${key}`).join(' ')}`,
      pullRequestId: value.pull_request.id,
      title: value.pull_request.title ?? '',
      webUrl: value.pull_request.links?.html?.href ?? '',
      at: value.update?.date ?? events[0]?.at ?? null,
      events,
    }
  })

export type ActivityEntry = z.output<typeof activityRecord>

type Told = {
  update?: z.output<typeof update> | null | undefined
  approval?: z.output<typeof verdict> | null | undefined
  changes_requested?: z.output<typeof verdict> | null | undefined
  comment?: z.output<typeof comment> | null | undefined
}

function toEvents(told: Told): EventEntry[] {
  const events: EventEntry[] = []
  const { approval, changes_requested: refusal } = told
  if (approval) events.push({ ...bare, ...verdictOf(approval), kind: 'approval' })
  if (refusal) events.push({ ...bare, ...verdictOf(refusal), kind: 'changes_requested' })
  if (told.comment) {
    const { id, created_on: at, user, deleted, parent, inline, content } = told.comment
    const place = { parentKey: parent?.id ?? null, path: inline?.path ?? null, isDeleted: deleted ?? false }
    const words = content?.raw ?? null
    const keys = words === null ? null : listKeys(words)
    events.push({ ...bare, ...place, keys, kind: 'comment', key: id, at, account: user })
  }
  if (told.update) events.push(...toUpdateEvents(told.update))
  return events
}

/** The same person may approve, take it back and approve again: the moment tells them apart. */
function verdictOf({ date, user }: z.output<typeof verdict>) {
  return { key: `${user?.uuid ?? 'unknown'} ${date.toISOString()}`, at: date, account: user }
}

const endings: Readonly<Record<string, 'merged' | 'declined' | 'superseded'>> = {
  MERGED: 'merged',
  DECLINED: 'declined',
  SUPERSEDED: 'superseded',
}

/**
 * An update shows the pull request as it was then. Its state once over is over, so the first such update is the end; a
 * head that was not there before is a push. Whether the feed tells of drafts is not documented: where it does, it counts.
 */
function toUpdateEvents({ date: at, state, author, source, changes }: z.output<typeof update>): EventEntry[] {
  const ending = endings[state ?? '']
  if (ending !== undefined) return [{ ...bare, kind: ending, key: '', at, account: author }]
  const events: EventEntry[] = []
  const hash = source?.commit?.hash
  if (hash !== undefined) events.push({ ...bare, kind: 'commit_pushed', key: hash, commit: hash, at, account: author })
  const draft = draftChange.safeParse(changes?.['draft'])
  const key = at.toISOString()
  if (draft.success) events.push({ ...bare, kind: draft.data.new ? 'drafted' : 'ready', key, at, account: author })
  if (changes?.['title'] !== undefined || changes?.['description'] !== undefined)
    events.push({ ...bare, kind: 'edited', key, at, account: author })
  return events
}
