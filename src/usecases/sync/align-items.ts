import { isWished } from '../../domain/sending/state-maps.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import { lockVulnerabilities } from '../../store/security/vulnerabilities.ts'
import { type AlignableItem, listAlignableItems } from '../../store/sync/alignable-items.ts'
import { announce } from '../../store/sync/live-events.ts'
import { insertOperations } from '../../store/sync/operations.ts'
import { listRoutesFor } from '../../store/sync/sendable.ts'
import { findRouteForUpdate } from '../../store/sync/tracker-routes.ts'
import { getTracker } from '../../trackers/registry.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'
import { parseAgreed } from './agreed.ts'
import { routeFor } from './route-for.ts'
import { readStateMaps, wishOf } from './route-states.ts'
import type { WriteDeps } from './sync-deps.ts'

type Key = { organizationId: string; routeId: string }

const readAtOnce = 1000
/** Items brought in line in one go; the answer says what is left. */
const alignedAtOnce = 500

/** How many items of a route show another state than it says for their vulnerability, those being changed left out. Throws `not_found`. */
export async function countUnaligned({ db }: { db: Db }, key: Key): Promise<{ items: number }> {
  return { items: (await listUnaligned(db, key)).length }
}

/**
 * Brings items to the states their route says now, as background work: after a change of the map nothing else would move
 * what both sides agreed on. Doing it again does nothing twice. Throws `not_found`.
 */
export async function alignItems(
  deps: WriteDeps,
  input: Key & { actor: AuditActor },
): Promise<{ queued: number; left: number }> {
  return deps.db.transaction().execute((tx) => align(deps, tx, input))
}

async function align(deps: WriteDeps, tx: Db, { actor, ...key }: Key & { actor: AuditActor }) {
  const { organizationId, routeId } = key
  const unaligned = await listUnaligned(tx, key)
  const chosen = unaligned.slice(0, alignedAtOnce)
  const after = { queued: chosen.length, left: unaligned.length - chosen.length }
  if (chosen.length === 0) return after
  await lockVulnerabilities(
    tx,
    organizationId,
    chosen.map((item) => item.vulnerability_id),
  )
  await insertOperations(
    tx,
    chosen.map((item) => {
      const id = deps.newId()
      return {
        organizationId,
        id,
        kind: 'push_state' as const,
        key: `push_state:${id}`,
        lane: 'bulk' as const,
        vulnerabilityId: item.vulnerability_id,
        defectId: item.id,
        messageId: null,
        connectionId: item.connection_id,
        payload: {},
        now: deps.clock(),
      }
    }),
  )
  await deps.enqueue(
    tx,
    chosen.map(({ id }) => ({ name: 'push-defect', data: { organizationId, defectId: id }, lane: 'bulk' })),
  )
  const target = { kind: 'route', id: routeId }
  await recordAudit(deps, tx, { organizationId, actor, action: 'route.items_aligned', target, after })
  await announce(tx, organizationId, [{ kind: 'delivery' }])
  return after
}

async function listUnaligned(db: Db, { organizationId, routeId }: Key): Promise<AlignableItem[]> {
  const route = await findRouteForUpdate(db, { organizationId, id: routeId })
  if (route === undefined) throw new AppError('not_found', 'There is no such route here.')
  const found: AlignableItem[] = []
  let after: string | null = null
  do {
    const { tracker } = route
    const items: AlignableItem[] = await listAlignableItems(db, { organizationId, tracker, after, limit: readAtOnce })
    const assetIds = items.map((item) => item.asset_id)
    const routes = (await listRoutesFor(db, { organizationId, assetIds })).filter((one) => one.tracker === tracker)
    for (const item of items) {
      const own = routeFor(routes, { assetId: item.asset_id, branch: item.branch })
      if (own?.id === routeId && !isAligned(item, own.settings)) found.push(item)
    }
    after = items.length < readAtOnce ? null : (items.at(-1)?.id ?? null)
  } while (after !== null)
  return found
}

/** What was never compared by name is told apart by its side alone. */
function isAligned(item: AlignableItem, settings: unknown): boolean {
  if (!getTracker(item.tracker).hasState(item.remote)) return true
  const { state, remote_state: name } = parseAgreed(item.agreed)
  const wish = wishOf(item, item.status, readStateMaps(settings))
  if (wish === null || state === undefined) return true
  return name === undefined ? wish.state === state : isWished({ name, state }, wish)
}
