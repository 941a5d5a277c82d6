import * as z from 'zod'
import { type Marker, parseMarker } from '../domain/message-text.ts'
import { fromBitbucketText } from './bitbucket-text.ts'
import { type Fetched, formerUser, type RemoteAccount, type TrackerComment } from './tracker.ts'

/** An account as Bitbucket sends it; a deleted one comes as null. */
export const remoteAccount = z
  .object({
    uuid: z.string().optional(),
    display_name: z.string().optional(),
    nickname: z.string().optional(),
    account_id: z.string().nullish(),
    /** `user`, or `app_user` and `team` for what is no person. */
    type: z.string().optional(),
  })
  .nullish()

/** A comment as Bitbucket sends it, on a pull request, a commit or an issue alike. Deleted accounts come as null. */
export const remoteComment = z.object({
  id: z.number(),
  content: z.object({ raw: z.string().nullable(), html: z.string().nullish() }).nullish(),
  user: remoteAccount,
  created_on: z.string(),
  updated_on: z.string().nullish(),
  deleted: z.boolean().optional(),
  pending: z.boolean().optional(),
  parent: z.object({ id: z.number() }).nullish(),
  resolution: z.unknown().optional(),
  links: z.object({ html: z.object({ href: z.string() }).optional() }).optional(),
})
export type RemoteComment = z.output<typeof remoteComment>

/** Fields of `remoteComment`, for `fields=`: keeps rendered HTML and avatars off the wire. */
const commentFields = [
  'id',
  'content.raw',
  'user.uuid',
  'user.display_name',
  'user.nickname',
  'user.account_id',
  'user.type',
  'created_on',
  'updated_on',
  'deleted',
  'pending',
  'parent.id',
  'resolution',
  'links.html',
] as const

/** The `fields` parameter of a listing of comments. */
export const commentListFields = ['next', ...commentFields.map((field) => `values.${field}`)].join(',')

export function toTrackerComment(comment: RemoteComment): Fetched<TrackerComment> {
  if (comment.deleted === true) return { kind: 'deleted' }
  return {
    kind: 'found',
    value: {
      id: String(comment.id),
      parentId: comment.parent === null || comment.parent === undefined ? null : String(comment.parent.id),
      author: toAccount(comment.user),
      body: fromBitbucketText(storable(comment.content?.raw ?? '')),
      named: readNames(comment.content?.html ?? ''),
      createdAt: new Date(comment.created_on),
      updatedAt: new Date(comment.updated_on ?? comment.created_on),
    },
  }
}

export function toAccount(user: z.output<typeof remoteAccount>): RemoteAccount {
  const { uuid = null, display_name, nickname, account_id, type } = user ?? {}
  return {
    uuid,
    name: storable(display_name ?? nickname ?? formerUser),
    accountId: account_id ?? undefined,
    nickname: nickname === undefined ? undefined : storable(nickname),
    isBot: type !== undefined && type !== 'user',
  }
}

const mentioned = /<span class="ap-mention" data-atlassian-id="([\w:.-]{1,128})">@([^<]{1,200})<\/span>/g

/** Names of mentioned accounts: only the rendered text has them. */
function readNames(html: string): ReadonlyMap<string, string> {
  return new Map([...html.matchAll(mentioned)].map(([, id = '', name = '']) => [id, storable(unescapeHtml(name))]))
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" }

function unescapeHtml(text: string): string {
  return text.replace(/&(#?\w+);/g, (all, name: string) => entities[name] ?? all)
}

/** PostgreSQL's text holds no NUL, and a lone half of a surrogate pair is no text. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** The comment among these pages that carries the marker; `deleted` when none does. */
export async function findMarked(
  list: () => AsyncIterable<{ values: readonly RemoteComment[] }>,
  marker: Marker,
): Promise<Fetched<TrackerComment>> {
  for await (const page of list())
    for (const comment of page.values) {
      const found = toTrackerComment(comment)
      if (found.kind === 'found' && parseMarker(found.value.body)?.id === marker.id) return found
    }
  return { kind: 'deleted' }
}

/** A BBQL condition that finds a text; a key of ours has no quotes, which BBQL could not escape. */
export function containsQuery(key: string): string {
  return `content.raw ~ "${key}"`
}

/** A BBQL condition on time by the remote's clock. */
export function sinceQuery(since: Date): string {
  return `updated_on >= ${since.toISOString().replace('Z', '+00:00')}`
}
