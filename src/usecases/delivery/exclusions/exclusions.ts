import type { Exclusion } from '../../../../contract/delivery/exclusions.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  deleteExclusion,
  type ExclusionRow,
  insertExclusion,
  listExclusionRows,
  setPullRequestExclusion,
} from '../../../store/delivery/exclusions.ts'
import { listRepositoryNamesOf } from '../../../store/delivery/filter-repositories.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Asked = { organizationId: string; actor: AuditActor }

const pullRequestsAtMost = 500

/** What people left out of figures, with who did and why. Of pull requests the latest 500. */
export async function listExclusions(
  { db }: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<{ items: Exclusion[] }> {
  const rows = await listExclusionRows(db, { organizationId, limit: pullRequestsAtMost })
  return { items: rows.map(toExclusion) }
}

function toExclusion({ pullRequest, at, ...row }: ExclusionRow): Exclusion {
  return { ...row, pull_request: pullRequest, at: at?.toISOString() ?? null }
}

/**
 * Leaves a repository, or pull requests of a label, out of every figure of delivery. Throws `validation_failed` for a
 * repository that is not here, `conflict` for what is left out already.
 */
export async function excludeFromFigures(
  deps: Deps,
  { organizationId, actor, repositoryId, label, reason }: Asked & Excluding,
): Promise<{ id: string }> {
  const id = deps.newId()
  await deps.db.transaction().execute(async (tx) => {
    if (
      repositoryId !== null &&
      (await listRepositoryNamesOf(tx, { organizationId, ids: [repositoryId] })).length === 0
    )
      throw new AppError('validation_failed', 'repository_id: there is no such repository here.')
    const one = { organizationId, id, repositoryId, label, reason, memberName: actor.name, at: deps.clock() }
    if (!(await insertExclusion(tx, one))) throw new AppError('conflict', 'That is left out already.')
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'figures.excluded',
      target: { kind: 'figure_exclusion', id },
      after: { repository: repositoryId, label, reason },
    })
  })
  return { id }
}

type Excluding = { repositoryId: string | null; label: string | null; reason: string }

/** What a rule left out counts again. Throws `not_found`. */
export async function removeExclusion(
  deps: Deps,
  { organizationId, actor, id }: Asked & { id: string },
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const former = await deleteExclusion(tx, { organizationId, id })
    if (former === undefined) throw new AppError('not_found', 'There is no such rule here.')
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'figures.included',
      target: { kind: 'figure_exclusion', id },
      before: { repository: former.repositoryId, label: former.label, reason: former.reason },
    })
  })
}

/** Leaves one pull request out of every figure, or with no reason lets it count again. Throws `not_found`. */
export async function excludePullRequest(
  deps: Deps,
  { organizationId, actor, id, reason }: Asked & { id: string; reason: string | null },
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const said = reason === null ? null : { reason, memberName: actor.name, at: deps.clock() }
    const former = await setPullRequestExclusion(tx, { organizationId, id, said })
    if (former === undefined) throw new AppError('not_found', 'There is no such pull request here.')
    if (former.reason === reason) return
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: reason === null ? 'figures.included' : 'figures.excluded',
      target: { kind: 'pull_request', id },
      ...(former.reason !== null && { before: { reason: former.reason } }),
      ...(reason !== null && { after: { reason } }),
    })
  })
}
