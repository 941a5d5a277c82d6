import * as z from 'zod'
import { type BitbucketClient, segment } from '../../bitbucket/client.ts'
import type { EventItem } from '../../bitbucket/event.ts'
import { repositoryPathOf, requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { RepositoryRow } from '../../store/remotes/repositories.ts'
import { type DefectRow, findDefectByCommentId, findDefectByRemoteId } from '../../store/sync/defects.ts'

export type CommentPlace = {
  organizationId: string
  repository: Pick<RepositoryRow, 'remote_uuid' | 'workspace_uuid'>
  item: EventItem
  commentId: string
  parentId: string | null
}

export type Thread = { kind: 'item' | 'reply'; defect: DefectRow }

/** Answers to answers: deeper than any thread people write. */
const deepest = 20

const parentOf = z.object({ parent: z.object({ id: z.number() }).nullish() })

/**
 * The defect a comment belongs to: `item` when it is the thread's own first comment, `reply` when it is one of its
 * answers, however deep; undefined when it is about something else. Asks Bitbucket only for parents we do not know.
 */
export async function findThread(
  db: Db,
  connect: () => Promise<BitbucketClient>,
  place: CommentPlace,
): Promise<Thread | undefined> {
  if (place.item.kind === 'issue') {
    const defect = await findDefectByRemoteId(db, {
      organizationId: place.organizationId,
      tracker: 'bitbucket-issues',
      containerId: place.repository.remote_uuid,
      remoteId: String(place.item.id),
    })
    return defect === undefined ? undefined : { kind: 'reply', defect }
  }
  const own = await findKnown(db, place, place.commentId)
  if (own !== undefined) return own
  let parentId = place.parentId
  for (let depth = 0; parentId !== null && depth < deepest; depth++) {
    const above = await findKnown(db, place, parentId)
    if (above !== undefined) return { kind: 'reply', defect: above.defect }
    parentId = await readParent(await connect(), place, parentId)
  }
  return undefined
}

async function findKnown(db: Db, place: CommentPlace, commentId: string): Promise<Thread | undefined> {
  const base = {
    organizationId: place.organizationId,
    tracker: 'bitbucket-discussions',
    containerId: place.repository.remote_uuid,
  }
  const { item } = place
  const remoteId = item.kind === 'pull_request' ? `pull_request:${item.id}:${commentId}` : `commit:${commentId}`
  const defect = await findDefectByRemoteId(db, { ...base, remoteId })
  if (defect !== undefined) return { kind: 'item', defect }
  const at = item.kind === 'pull_request' ? { kind: 'pull_request', pull_request: item.id } : { kind: 'commit' }
  const thread = await findDefectByCommentId(db, { ...base, commentId, place: at })
  return thread === undefined ? undefined : { kind: 'reply', defect: thread }
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
