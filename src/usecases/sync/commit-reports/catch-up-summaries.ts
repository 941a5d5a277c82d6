import { listNewestComments } from '../../../bitbucket/pull-request-comment.ts'
import { repositoryPathOf } from '../../../bitbucket/require-visible-repository.ts'
import { parseMarker } from '../../../domain/message-text.ts'
import { findRepository } from '../../../store/remotes/repositories.ts'
import { listLivelySummaries } from '../../../store/sync/summary-replies.ts'
import { readInstance } from '../instance.ts'
import type { SyncDeps } from '../sync-deps.ts'
import { receiveSummaryReply } from './receive-summary-reply.ts'

/** Pull requests looked into at one time, the latest first: a request each. */
const pullRequestsAtMost = 20
const livelyForMs = 14 * 86_400_000

/** Finds answers to summaries whose webhook was lost. Answers how many were new. */
export async function catchUpSummaries(
  deps: SyncDeps,
  { organizationId, connectionId }: { organizationId: string; connectionId: string },
): Promise<number> {
  const since = new Date(deps.clock().getTime() - livelyForMs)
  const lively = await listLivelySummaries(deps.db, { organizationId, connectionId, since, limit: pullRequestsAtMost })
  if (lively.length === 0) return 0
  const instance = await readInstance(deps.db)
  const { client } = await deps.connect({ organizationId, connectionId })
  let found = 0
  for (const { repository_id: repositoryId, pull_request_id: pullRequestId } of lively) {
    const repository = await findRepository(deps.db, { organizationId, repositoryId })
    if (repository === undefined) continue
    const { workspace_uuid: workspaceUuid, remote_uuid: remoteUuid } = repository
    const place = { client, lane: 'bulk' as const, repositoryPath: repositoryPathOf({ workspaceUuid, remoteUuid }) }
    const pullRequest = Number(pullRequestId)
    for (const comment of await listNewestComments({ place, pullRequest })) {
      if (comment.parentId === null || parseMarker(comment.body)?.instance === instance) continue
      const event = {
        kind: 'comment' as const,
        change: 'created' as const,
        item: { kind: 'pull_request' as const, id: pullRequest },
        commentId: comment.id,
        parentId: comment.parentId,
        repository: { uuid: remoteUuid, fullName: repository.name },
        actor: null,
        toldOf: null,
      }
      const outcome = await receiveSummaryReply(deps, { organizationId, repository, event })
      if (outcome?.state === 'processed') found += 1
    }
  }
  return found
}
