import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { deleteIncident, findIncidentById } from '../../../store/delivery/deployments/incidents.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Asked = { organizationId: string; id: string; actor: AuditActor }

/** Takes away an incident that was none. Throws `not_found`, and `conflict` for one of Jira's, which would come again. */
export async function removeIncident(deps: Deps, input: Asked): Promise<void> {
  await deps.db.transaction().execute((tx) => removeInTransaction(deps, tx, input))
}

async function removeInTransaction(deps: Deps, tx: Db, { organizationId, id, actor }: Asked): Promise<void> {
  const found = await findIncidentById(tx, { organizationId, id })
  if (found === undefined) throw new AppError('not_found', 'There is no such incident here.')
  if (found.source === 'jira')
    throw new AppError('conflict', 'This incident is read from Jira: change the issue, or the filter in the settings.')
  await deleteIncident(tx, { organizationId, id })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'incident.removed',
    target: { kind: 'incident', id },
    before: { key: found.key, title: found.title, began_at: found.began_at.toISOString() },
  })
}
