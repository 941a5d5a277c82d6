import type { Defect } from '../../../contract/sync/defects.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import { findRepository } from '../../store/remotes/repositories.ts'
import { type DefectRow, listDefectsOf } from '../../store/sync/defects.ts'
import { listOpenOperations } from '../../store/sync/operations.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { findTracker } from '../../trackers/registry.ts'
import { parseKept } from './kept-fields.ts'

type Key = { organizationId: string; vulnerabilityId: string }

/** Items of a vulnerability, oldest first, given-up ones included. Throws `not_found`. */
export async function listDefects({ db }: { db: Db }, key: Key): Promise<{ items: Defect[] }> {
  if ((await findStatus(db, key)) === undefined) throw new AppError('not_found', 'There is no such vulnerability.')
  const rows = await listDefectsOf(db, key)
  return { items: await Promise.all(rows.map((row) => toDefectView(db, row))) }
}

/** A defect as the API answers it, with what it is waiting for. */
export async function toDefectView(db: Db, row: DefectRow): Promise<Defect> {
  const organizationId = row.organization_id
  const container = await nameContainer(db, row)
  const [oldest] = await listOpenOperations(db, { organizationId, defectId: row.id })
  return {
    id: row.id,
    tracker: row.tracker,
    tracker_title: findTracker(row.tracker)?.title ?? row.tracker,
    container,
    remote_id: row.remote_id,
    url: row.url,
    link: row.link,
    link_reason: row.link_reason,
    pending:
      oldest === undefined
        ? null
        : {
            kind: oldest.kind,
            state: oldest.state,
            error: oldest.error,
            next_attempt_at: oldest.next_attempt_at?.toISOString() ?? null,
          },
    not_taken: listNotTaken(row),
    can_unlink:
      row.ended_at === null && row.remote_id !== null && findTracker(row.tracker)?.capabilities.links === true,
    created_at: row.created_at.toISOString(),
  }
}

const fieldNames = { title: 'title', priority: 'priority', dueOn: 'due_date', labels: 'labels' } as const

function listNotTaken({ kept }: DefectRow): Defect['not_taken'] {
  const refused = parseKept(kept)?.refused ?? {}
  return (['title', 'priority', 'dueOn', 'labels'] as const).flatMap((field) => {
    const reason = refused[field]
    return reason === undefined ? [] : [{ field: fieldNames[field], reason }]
  })
}

/** Where the item lives, as people know it. */
async function nameContainer(db: Db, row: DefectRow): Promise<string> {
  const organizationId = row.organization_id
  if (row.repository_id !== null) {
    const repository = await findRepository(db, { organizationId, repositoryId: row.repository_id })
    if (repository !== undefined) return `${repository.workspace_slug}/${repository.slug}`
  }
  const connection = await findConnection(db, { organizationId, connectionId: row.connection_id })
  return connection?.workspace_slug ?? row.container_id
}
