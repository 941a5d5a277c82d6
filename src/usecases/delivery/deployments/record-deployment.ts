import type { DeploymentTaken, DeploymentTold } from '../../../../contract/delivery/deployments.ts'
import { chooseSource } from '../../../domain/delivery/deployments/choose-source.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { listDeploymentSources } from '../../../store/delivery/deployments/deployment-rules.ts'
import {
  ensurePushedEnvironment,
  findRepositoryByName,
  type NamedRepository,
  upsertPushedDeployment,
} from '../../../store/delivery/deployments/pushed.ts'
import { refuseFuture } from './refuse-future.ts'
import { toSourceRule } from './to-source-rule.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Told = { organizationId: string } & DeploymentTold

/** Takes down what a pipeline tells of a deployment. Throws `validation_failed` for a repository that is not known, or a time that cannot be. */
export async function recordDeployment(deps: Deps, told: Told): Promise<DeploymentTaken> {
  const { organizationId } = told
  const now = deps.clock()
  const completedAt = completionOf(told, now)
  const repository = await requireRepository(deps.db, { organizationId, name: told.repository })
  const key = { organizationId, repositoryId: repository.id }
  const environment = told.environment ?? 'Production'
  const written = await deps.db.transaction().execute(async (tx) => {
    const kind = told.environment_kind ?? 'production'
    const environmentId = await ensurePushedEnvironment(tx, { ...key, id: deps.newId(), name: environment, kind })
    const id = await upsertPushedDeployment(tx, {
      ...key,
      id: deps.newId(),
      environmentId,
      key: told.key,
      commit: told.commit?.toLowerCase() ?? null,
      state: told.state,
      startedAt: told.started_at === undefined ? null : new Date(told.started_at),
      completedAt,
      webUrl: told.url ?? null,
      now,
    })
    return { id, environmentId }
  })
  const sources = (await listDeploymentSources(deps.db, key)).map(toSourceRule)
  const inForce = chooseSource(sources, (completedAt ?? now).getTime() / 1000).kind
  return {
    id: written.id,
    repository,
    environment: { id: written.environmentId, name: environment },
    counts_as_source: inForce === 'push',
  }
}

function completionOf({ state, started_at, completed_at }: Told, now: Date): Date | null {
  refuseFuture({ started_at, completed_at }, now)
  if (state === 'in_progress') {
    if (completed_at === undefined) return null
    throw new AppError('validation_failed', 'completed_at: what is in progress has not completed.')
  }
  const completedAt = completed_at === undefined ? now : new Date(completed_at)
  if (started_at !== undefined && new Date(started_at) > completedAt)
    throw new AppError('validation_failed', 'completed_at: lies before started_at.')
  return completedAt
}

/** Throws `validation_failed` with what was looked for. */
export async function requireRepository(
  db: Db,
  wish: { organizationId: string; name: string },
): Promise<NamedRepository> {
  const found = await findRepositoryByName(db, wish)
  if (found !== undefined) return found
  const how = 'Give workspace/slug as in its address at Bitbucket, of a repository that was chosen under Integrations.'
  throw new AppError('validation_failed', `repository: none is called “${wish.name}” here. ${how}`)
}
