import type { IncidentTaken, IncidentTold } from '../../../../contract/delivery/deployments.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import type { RepositoryKey } from '../../../store/delivery/deployments/deployment-marks.ts'
import { findIncident, findPushedDeployment, upsertIncident } from '../../../store/delivery/deployments/pushed.ts'
import { requireRepository } from './record-deployment.ts'
import { refuseFuture } from './refuse-future.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Told = { organizationId: string } & IncidentTold & {
    /** Who tells it first: a machine with a token, or a person in a session. Left out: a machine. */
    source?: 'push' | 'person'
  }

/**
 * Takes down an incident, or that it changed or ended. Throws `validation_failed` for what is not known or cannot be, and
 * `conflict` for one that is read from Jira.
 */
export async function recordIncident(deps: Deps, told: Told): Promise<IncidentTaken> {
  const { organizationId, began_at, resolved_at } = told
  refuseFuture({ began_at, resolved_at }, deps.clock())
  const repository = await requireRepository(deps.db, { organizationId, name: told.repository })
  const key = { organizationId, repositoryId: repository.id }
  const written = await deps.db.transaction().execute((tx) => writeIncident(deps, tx, { told, key }))
  return {
    id: written.id,
    repository,
    began_at: written.beganAt.toISOString(),
    resolved_at: written.resolvedAt?.toISOString() ?? null,
  }
}

async function writeIncident({ clock, newId }: Deps, tx: Db, { told, key }: { told: Told; key: RepositoryKey }) {
  const known = await findIncident(tx, { ...key, key: told.key })
  if (known?.source === 'jira')
    throw new AppError('conflict', 'This incident is read from Jira: change it there, and it changes here.')
  const now = clock()
  const beganAt = told.began_at === undefined ? (known?.began_at ?? now) : new Date(told.began_at)
  // Left out it stays as it was; null opens it again.
  const resolvedAt = told.resolved_at === undefined ? (known?.resolved_at ?? null) : toDate(told.resolved_at)
  if (resolvedAt !== null && resolvedAt < beganAt)
    throw new AppError('validation_failed', 'resolved_at: lies before began_at.')
  const deploymentId = await findCause(tx, { told, key })
  const { key: name, title, severity = null, url = null, source = 'push' } = told
  const rest = { key: name, title, severity, webUrl: url, source, now }
  const id = await upsertIncident(tx, { ...key, ...rest, id: newId(), beganAt, resolvedAt, deploymentId })
  return { id, beganAt, resolvedAt }
}

function toDate(text: string | null): Date | null {
  return text === null ? null : new Date(text)
}

async function findCause(tx: Db, { told, key }: { told: Told; key: RepositoryKey }): Promise<string | null> {
  if (told.deployment_key === undefined) return null
  const found = await findPushedDeployment(tx, { ...key, key: told.deployment_key })
  if (found === undefined)
    throw new AppError(
      'validation_failed',
      `deployment_key: no deployment of this repository has the key “${told.deployment_key}”.`,
    )
  return found
}
