import type { Db } from '../../../store/db.ts'
import type { findTellingFacts } from '../../../store/sync/commit-reports.ts'
import { listRoutesFor } from '../../../store/sync/sendable.ts'
import { getTracker } from '../../../trackers/registry.ts'
import type { Telling } from '../../../trackers/tracker.ts'
import { chooseTracker } from '../choose-tracker.ts'

export type TellingFacts = NonNullable<Awaited<ReturnType<typeof findTellingFacts>>>

/** What imports of a branch tell its repository besides the items, by the route in force; null for nothing. */
export async function readTelling(
  db: Db,
  { organizationId, facts, branch }: { organizationId: string; facts: TellingFacts; branch: string },
): Promise<Telling | null> {
  const routes = await listRoutesFor(db, { organizationId, assetIds: [facts.asset_id] })
  const { tracker: name, route } = chooseTracker({ ...facts, branch }, { routes, tracker: undefined })
  const tracker = getTracker(name)
  return tracker.connectionKind === 'bitbucket' ? tracker.readTelling(route?.settings ?? {}) : null
}
