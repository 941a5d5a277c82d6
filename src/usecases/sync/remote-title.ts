import { type RemoteKind, remoteTitles } from '../../domain/remote-kind.ts'
import type { DefectRow } from '../../store/sync/defects.ts'
import { findTracker } from '../../trackers/registry.ts'

/** At which remote an item is. */
export function remoteKindOf({ tracker }: Pick<DefectRow, 'tracker'>): RemoteKind {
  return findTracker(tracker)?.connectionKind ?? 'bitbucket'
}

/** How the remote of an item is called in sentences for people. */
export function remoteTitle(defect: Pick<DefectRow, 'tracker'>): string {
  return remoteTitles[remoteKindOf(defect)]
}
