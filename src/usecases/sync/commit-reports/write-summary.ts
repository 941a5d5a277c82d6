import { createHash } from 'node:crypto'
import {
  createPullRequestComment,
  findPullRequestComment,
  updatePullRequestComment,
} from '../../../bitbucket/pull-request-comment.ts'
import type { RepositoryPlace } from '../../../bitbucket/require-visible-repository.ts'
import { type CommitTold, composeSummary, countAll } from '../../../domain/commit-report.ts'
import { composeMessage, type Marker, markerKey } from '../../../domain/message-text.ts'
import { AppError } from '../../../lib/app-error.ts'
import { beginSummary, findSummary, updateSummary } from '../../../store/sync/pull-request-summaries.ts'
import { readInstance } from '../instance.ts'
import type { SyncDeps } from '../sync-deps.ts'

type Wish = { organizationId: string; assetId: string; pullRequestId: string; told: CommitTold; place: RepositoryPlace }

/** Milliseconds; the other one writes a single comment. */
const waitMs = 30_000

/**
 * Brings the one comment of a pull request up to date, or makes it where there is something to say. One that a person
 * deleted stays deleted. Throws `unavailable` when another worker is at the same summary for too long.
 */
export async function writeSummary(deps: SyncDeps, wish: Wish): Promise<void> {
  const { organizationId, assetId, pullRequestId } = wish
  if (!/^[1-9]\d{0,8}$/.test(pullRequestId)) return
  // Scans of several branches may name the same pull request.
  const lock = `summary:${organizationId}:${assetId}:${pullRequestId}`
  const outcome = await deps.locks.withLock(lock, waitMs, () => writeAlone(deps, wish))
  if (outcome.kind === 'busy')
    throw new AppError('unavailable', 'Another worker writes this summary. It is tried again in a moment.')
}

async function writeAlone(deps: SyncDeps, { told, place, ...key }: Wish): Promise<void> {
  const number = Number(key.pullRequestId)
  const known = await findSummary(deps.db, key)
  if (known?.state === 'removed' || (known === undefined && countAll(told.counts) === 0)) return
  const row = known ?? (await beginSummary(deps.db, { ...key, id: deps.newId(), now: deps.clock() }))
  const body = composeSummary(told)
  const bodyHash = createHash('sha256').update(body).digest('hex')
  if (row.state === 'written' && row.body_hash === bodyHash) return
  const marker: Marker = { instance: await readInstance(deps.db), kind: 'message', id: row.id }
  const raw = composeMessage({ body, authorName: null, marker })
  const save = (commentId: string) =>
    updateSummary(
      deps.db,
      { organizationId: key.organizationId, id: row.id, now: deps.clock() },
      { state: 'written', commentId, bodyHash },
    )
  const at = { place, pullRequest: number }
  // An attempt that broke off may have made it.
  const begun = known?.state === 'begun' ? await findPullRequestComment({ ...at, key: markerKey(marker) }) : undefined
  const commentId = row.comment_id ?? begun
  if (commentId === undefined && countAll(told.counts) === 0) return
  if (commentId === undefined) return save(await createPullRequestComment({ ...at, raw }))
  if (await updatePullRequestComment({ ...at, commentId, raw })) return save(commentId)
  await updateSummary(
    deps.db,
    { organizationId: key.organizationId, id: row.id, now: deps.clock() },
    { state: 'removed' },
  )
}
