import type { IncidentFilter } from '../../../../contract/delivery/incident-filters.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  deleteFilter,
  deleteReadIncidents,
  listFilterRows,
  putFilter,
} from '../../../store/delivery/deployments/incident-filters.ts'
import { findConnection } from '../../../store/remotes/connections.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { requireRepository } from './record-deployment.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Asked = { organizationId: string; id: string; actor: AuditActor }
type Wish = { jql: string; repository_field: string | null; default_repository: string | null }

/** Every connection with Jira that is in use, with what of it are incidents. */
export async function listIncidentFilters(
  { db }: { db: Db },
  key: { organizationId: string },
): Promise<{ items: IncidentFilter[] }> {
  const rows = await listFilterRows(db, key)
  const items = rows.map(({ id, name, read_at, unplaced, unplaced_keys, ...row }) => ({
    connection: { id, name },
    ...row,
    read_at: read_at?.toISOString() ?? null,
    unplaced: unplaced ?? 0,
    unplaced_keys: unplaced_keys ?? [],
  }))
  return { items }
}

/**
 * Sets which issues of a connection are incidents. What was read by another filter goes, and all is read anew. Throws
 * `not_found`, `conflict` for a connection with another remote, `validation_failed` for a repository that is not known.
 */
export async function updateIncidentFilter(deps: Deps, { wish, ...asked }: Asked & { wish: Wish }): Promise<void> {
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, { wish, ...asked }))
}

async function updateInTransaction(
  deps: Deps,
  tx: Db,
  { organizationId, id, actor, wish }: Asked & { wish: Wish },
): Promise<void> {
  const key = { organizationId, connectionId: id }
  await requireJira(tx, key)
  const { default_repository: name, ...rest } = wish
  const found = name === null ? null : await requireRepository(tx, { organizationId, name })
  await deleteReadIncidents(tx, key)
  await putFilter(tx, key, { ...rest, default_repository_id: found?.id ?? null, now: deps.clock() })
  const target = { kind: 'connection', id }
  await recordAudit(deps, tx, { organizationId, actor, action: 'incident_filter.changed', target, after: wish })
}

async function requireJira(tx: Db, key: { organizationId: string; connectionId: string }): Promise<void> {
  const connection = await findConnection(tx, key)
  if (connection === undefined) throw new AppError('not_found', 'There is no such connection.')
  if (connection.kind !== 'jira')
    throw new AppError('conflict', 'Incidents are read from Jira; this connection leads elsewhere.')
}

/** Reads no incidents from a connection any more; those that were read go. Throws `not_found`. */
export async function removeIncidentFilter(deps: Deps, input: Asked): Promise<void> {
  await deps.db.transaction().execute((tx) => removeInTransaction(deps, tx, input))
}

async function removeInTransaction(deps: Deps, tx: Db, { organizationId, id, actor }: Asked): Promise<void> {
  const key = { organizationId, connectionId: id }
  if (!(await deleteFilter(tx, key))) throw new AppError('not_found', 'No incidents are read from this connection.')
  await deleteReadIncidents(tx, key)
  const target = { kind: 'connection', id }
  await recordAudit(deps, tx, { organizationId, actor, action: 'incident_filter.removed', target })
}
