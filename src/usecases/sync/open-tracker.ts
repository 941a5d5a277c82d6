import type { RequestLane } from '../../bitbucket/budget.ts'
import { AppError } from '../../lib/app-error.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import { findRepository } from '../../store/remotes/repositories.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { ItemRef, OpenTracker, Tracker } from '../../trackers/tracker.ts'
import type { SyncDeps } from './sync-deps.ts'

type Place = Pick<DefectRow, 'organization_id' | 'tracker' | 'connection_id' | 'repository_id'>

/** The tracker of a defect, on its repository, with its connection's credential. */
export async function openTracker(
  deps: SyncDeps,
  { place, lane, settings }: { place: Place; lane: RequestLane; settings?: unknown },
): Promise<{ tracker: Tracker; open: OpenTracker }> {
  const organizationId = place.organization_id
  const tracker = getTracker(place.tracker)
  const repository = await findRepository(deps.db, { organizationId, repositoryId: place.repository_id })
  if (repository === undefined) throw new AppError('not_found', 'The repository of this item is not known any more.')
  // A repository that moved to another connection is reached through that one.
  const connectionId = repository.connection_id
  const connection = await findConnection(deps.db, { organizationId, connectionId })
  const { client } = await deps.connect({ organizationId, connectionId })
  const open = tracker.open({
    client,
    repository: {
      remoteUuid: repository.remote_uuid,
      workspaceUuid: repository.workspace_uuid,
      mainBranch: repository.main_branch,
      hasIssues: repository.has_issues && connection?.has_issues !== false,
    },
    settings: settings ?? {},
    lane,
    remember: (key, ask) => deps.remember(`${organizationId}:${connectionId}:${key}`, ask),
  })
  return { tracker, open }
}

/** Address of a defect's item. Throws when the item was never made: callers ask first. */
export function itemRef(defect: DefectRow): ItemRef {
  if (defect.remote_id === null) throw new Error(`Defect ${defect.id} has no item yet.`)
  return { remoteId: defect.remote_id, remote: defect.remote }
}
