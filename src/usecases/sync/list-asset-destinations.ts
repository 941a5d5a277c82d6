import type { AssetDestination } from '../../../contract/sync/tracker-routes.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import type { Page } from '../../store/page.ts'
import { listRoutesFor, type SendRoute } from '../../store/sync/sendable.ts'
import { type AssetSendFacts, listAssetSendFacts } from '../../store/sync/tracker-routes.ts'
import { findTracker } from '../../trackers/registry.ts'
import { listAssets } from '../security/assets.ts'
import { chooseTracker } from './choose-tracker.ts'
import { refuseSend } from './refuse-send.ts'

type Query = { cursor?: string | undefined; limit?: number | undefined; q?: string | undefined }
type Destination = Pick<
  AssetDestination,
  'because' | 'route_id' | 'tracker' | 'tracker_title' | 'connection' | 'obstacle'
>

/** Which route each asset really gets, by the rule that sending follows. Throws `validation_failed` at a foreign cursor. */
export async function listAssetDestinations(
  deps: { db: Db; clock: Clock },
  { organizationId, query }: { organizationId: string; query: Query },
): Promise<Page<AssetDestination>> {
  const { items, next } = await listAssets(deps, { organizationId, query })
  const assetIds = items.map((asset) => asset.id)
  const routes = await listRoutesFor(deps.db, { organizationId, assetIds })
  const facts = new Map(
    (await listAssetSendFacts(deps.db, { organizationId, assetIds })).map((row) => [row.asset_id, row]),
  )
  const rows = items.flatMap((asset): AssetDestination[] => {
    const own = facts.get(asset.id)
    if (own === undefined) return []
    const { id, key, name, default_branch } = asset
    const branches = routes
      .filter((route) => route.asset_id === id)
      .flatMap(({ branch }) => (branch === null ? [] : [branch]))
      .toSorted((one, other) => one.localeCompare(other, 'en'))
    return [
      {
        asset: { id, key, name, default_branch, repository: asset.repository?.full_name ?? null },
        // No branch is called that: what every branch without a route of its own gets.
        ...toDestination(own, routes, ''),
        branches: branches.map((branch) => ({ branch, ...toDestination(own, routes, branch) })),
      },
    ]
  })
  return { items: rows, next }
}

function toDestination(facts: AssetSendFacts, routes: readonly SendRoute[], branch: string): Destination {
  const { tracker, route } = chooseTracker({ ...facts, branch }, { routes, tracker: undefined })
  const open = { ...facts, status: 'identified', merged_into: null } as const
  return {
    because: becauseOf(route),
    route_id: route?.id ?? null,
    tracker,
    tracker_title: findTracker(tracker)?.title ?? tracker,
    connection:
      route === undefined || route.connection_id === null
        ? null
        : { id: route.connection_id, name: route.connection_name ?? '' },
    obstacle: refuseSend(open, { tracker, route }) ?? null,
  }
}

function becauseOf(route: SendRoute | undefined): Destination['because'] {
  if (route === undefined) return 'repository'
  if (route.asset_id === null) return 'default'
  return route.branch === null ? 'asset' : 'branch'
}
