import * as z from 'zod'
import { type Marker, parseMarker } from '../domain/message-text.ts'
import { isAppError } from '../lib/app-error.ts'
import type { Fetched, TrackerComment } from './tracker.ts'

const account = z
  .object({ uuid: z.string().optional(), display_name: z.string().optional(), nickname: z.string().optional() })
  .nullish()

/** A comment as Bitbucket sends it, on a pull request, a commit or an issue alike. Deleted accounts come as null. */
export const remoteComment = z.object({
  id: z.number(),
  content: z.object({ raw: z.string().nullable() }).nullish(),
  user: account,
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
  const { user } = comment
  return {
    kind: 'found',
    value: {
      id: String(comment.id),
      parentId: comment.parent === null || comment.parent === undefined ? null : String(comment.parent.id),
      author: { uuid: user?.uuid ?? null, name: storable(user?.display_name ?? user?.nickname ?? 'Former user') },
      body: storable(comment.content?.raw ?? ''),
      createdAt: new Date(comment.created_on),
      updatedAt: new Date(comment.updated_on ?? comment.created_on),
    },
  }
}

/** PostgreSQL's text holds no NUL, and a lone half of a surrogate pair is no text. */
function storable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/**
 * Runs `ask`; a 404 becomes `deleted` once `confirm` has found what surrounds it. `confirm` throws when the surroundings
 * cannot be seen: then nobody knows whether anything was deleted.
 */
export async function deletedWhenMissing<Value>(
  ask: () => Promise<Fetched<Value>>,
  confirm: () => Promise<unknown>,
): Promise<Fetched<Value>> {
  try {
    return await ask()
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    await confirm()
    return { kind: 'deleted' }
  }
}

/** The comment among these pages that carries the marker; `deleted` when none does. */
export async function findMarked(
  pages: AsyncIterable<{ values: readonly RemoteComment[] }>,
  marker: Marker,
): Promise<Fetched<TrackerComment>> {
  for await (const page of pages)
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
