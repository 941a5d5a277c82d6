import * as z from 'zod'
import { isAppError } from '../lib/app-error.ts'
import { segment } from '../lib/rest-client.ts'
import { type RepositoryPlace, requireVisibleRepository } from './require-visible-repository.ts'

type At = { place: RepositoryPlace; pullRequest: number }

const comment = z.object({
  id: z.number().int(),
  deleted: z.boolean().optional(),
  content: z.object({ raw: z.string().nullable() }).nullish(),
})
const anything = z.unknown()

/** Writes a comment on the pull request as a whole, or below another one; answers its id. */
export async function createPullRequestComment(wish: At & { raw: string; parentId?: string }): Promise<string> {
  const { place, pullRequest, raw, parentId } = wish
  const body = { content: { raw }, ...(parentId !== undefined && { parent: { id: Number(parentId) } }) }
  const call = { what: 'write a comment', lane: place.lane, schema: comment, body }
  return String((await place.client.post(pathOf({ place, pullRequest }), call)).id)
}

const readableComment = z.object({
  ...comment.shape,
  created_on: z.coerce.date(),
  user: z.object({ uuid: z.string(), display_name: z.string().optional(), nickname: z.string().optional() }).nullish(),
})

/** A comment as it is now; undefined when somebody deleted it. Accounts that are gone have no uuid. */
export async function readPullRequestComment(wish: At & { commentId: string }) {
  const { place, commentId } = wish
  const call = { what: 'read a comment', lane: place.lane, schema: readableComment }
  try {
    const found = await place.client.get(`${pathOf(wish)}/${segment(commentId)}`, call)
    if (found.deleted === true) return undefined
    const { user } = found
    const name = user?.display_name ?? user?.nickname ?? 'Somebody in Bitbucket'
    return { body: found.content?.raw ?? '', author: { uuid: user?.uuid ?? null, name }, createdAt: found.created_on }
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    await requireVisibleRepository(place)
    return undefined
  }
}

const listedComment = z.object({ ...comment.shape, parent: z.object({ id: z.number().int() }).nullish() })

/** The fifty newest comments of a pull request that were not deleted, oldest first. */
export async function listNewestComments({ place, pullRequest }: At) {
  const query = { sort: '-created_on', pagelen: 50 }
  const call = { what: 'list the comments', lane: place.lane, schema: listedComment, query }
  for await (const page of place.client.pages(pathOf({ place, pullRequest }), call))
    return page.values
      .filter((one) => one.deleted !== true)
      .map((one) => ({
        id: String(one.id),
        parentId: one.parent === null || one.parent === undefined ? null : String(one.parent.id),
        body: one.content?.raw ?? '',
      }))
      .toReversed()
  return []
}

/** Id of the comment whose text holds `key`; undefined when there is none. A `key` has no quotes. */
export async function findPullRequestComment({ place, pullRequest, key }: At & { key: string }) {
  const query = { q: `content.raw ~ "${key}"`, pagelen: 50 }
  const call = { what: 'search the comments', lane: place.lane, schema: comment, query }
  for await (const page of place.client.pages(pathOf({ place, pullRequest }), call)) {
    const found = page.values.find((one) => one.deleted !== true && one.content?.raw?.includes(key) === true)
    if (found !== undefined) return String(found.id)
  }
  return undefined
}

/** Gives a comment another text; false when somebody deleted it. */
export async function updatePullRequestComment(wish: At & { commentId: string; raw: string }): Promise<boolean> {
  const { place, commentId, raw } = wish
  const path = `${pathOf(wish)}/${segment(commentId)}`
  try {
    // One with answers stays as a tombstone, which may still take a text.
    const known = await place.client.get(path, { what: 'read a comment', lane: place.lane, schema: comment })
    if (known.deleted === true) return false
    const body = { content: { raw } }
    await place.client.put(path, { what: 'change a comment', lane: place.lane, schema: anything, body })
    return true
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    await requireVisibleRepository(place)
    return false
  }
}

function pathOf({ place, pullRequest }: At): string {
  return `${place.repositoryPath}/pullrequests/${pullRequest}/comments`
}
