import * as z from 'zod'
import type { BitbucketClient } from '../../bitbucket/client.ts'
import type { EventItem } from '../../bitbucket/event.ts'
import { repositoryPathOf, requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import type { Db } from '../../store/db.ts'
import type { RepositoryRow } from '../../store/remotes/repositories.ts'
import { findDefectByRemoteId } from '../../store/sync/defects.ts'
import { type CommentedDefect, findCommentedDefect } from '../../store/sync/find-commented-defect.ts'

export type CommentPlace = {
  organizationId: string
  repository: Pick<RepositoryRow, 'remote_uuid' | 'workspace_uuid'>
  item: EventItem
  commentId: string
  parentId: string | null
}

/** Answers to answers: deeper than any thread people write. */
const deepest = 20

const parentOf = z.object({ parent: z.object({ id: z.number() }).nullish() })

/**
 * The defect a comment belongs to, as far as is known here: `item` when it is the thread's own first comment, `reply` when
 * it, or the comment above it, is one of its answers.
 */
export async function findKnownThread(db: Db, place: CommentPlace): Promise<CommentedDefect | undefined> {
  const { organizationId, item, repository, commentId, parentId } = place
  const containerId = repository.remote_uuid
  if (item.kind === 'issue') {
    const key = { organizationId, tracker: 'bitbucket-issues', containerId, remoteId: String(item.id) }
    const defect = await findDefectByRemoteId(db, key)
    return defect === undefined ? undefined : { kind: 'reply', defect }
  }
  const idsOf = (id: string) => ({
    commentId: id,
    remoteId: item.kind === 'pull_request' ? `pull_request:${item.id}:${id}` : `commit:${id}`,
  })
  return findCommentedDefect(db, {
    organizationId,
    tracker: 'bitbucket-discussions',
    containerId,
    place: item.kind === 'pull_request' ? { kind: 'pull_request', pull_request: item.id } : { kind: 'commit' },
    comment: idsOf(commentId),
    above: parentId === null ? null : idsOf(parentId),
  })
}

/** The defect a comment belongs to of which nothing is known here: Bitbucket is asked for the comments above it, however many. */
export async function climbToThread(
  db: Db,
  connect: () => Promise<BitbucketClient>,
  place: CommentPlace,
): Promise<CommentedDefect | undefined> {
  if (place.item.kind === 'issue') return undefined
  let commentId = place.parentId
  for (let depth = 1; commentId !== null && depth < deepest; depth++) {
    const parentId = await readParent(await connect(), place, commentId)
    const above =
      parentId === null ? undefined : await findKnownThread(db, { ...place, commentId: parentId, parentId: null })
    if (above !== undefined) return { kind: 'reply', defect: above.defect }
    commentId = parentId
  }
  return undefined
}

async function readParent(client: BitbucketClient, place: CommentPlace, commentId: string): Promise<string | null> {
  const { item, repository } = place
  const repositoryPath = repositoryPathOf({
    workspaceUuid: repository.workspace_uuid,
    remoteUuid: repository.remote_uuid,
  })
  const subject = item.kind === 'commit' ? `commit/${segment(item.hash)}` : `pullrequests/${item.id}`
  try {
    const call = { what: 'read a comment', lane: 'webhook' as const, schema: parentOf, query: { fields: 'parent.id' } }
    const { parent } = await client.get(`${repositoryPath}/${subject}/comments/${segment(commentId)}`, call)
    return parent === null || parent === undefined ? null : String(parent.id)
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    await requireVisibleRepository({ client, lane: 'webhook', repositoryPath })
    return null
  }
}
