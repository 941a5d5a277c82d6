import { newId } from '../src/lib/ids.ts'
import type { Db } from '../src/store/db.ts'
import { computeChangedDeployments } from '../src/usecases/delivery/deployments/compute-deployments.ts'
import { listDeployments } from '../src/usecases/delivery/deployments/list-deployments.ts'
import { createTestDatabase } from './database.ts'
import { insertDeliveryPlace } from './delivery-facts.ts'

export type DeliveryWorld = Awaited<ReturnType<typeof openDeliveryWorld>>

/**
 * A database of its own for tests of deployments; `now` is what its clock says. `place` makes an organization with one
 * repository, `meadow-goods/storefront-api`, whose deployments are told from `source`.
 */
export async function openDeliveryWorld({ now }: { now: Date }) {
  const open = await createTestDatabase()
  const deps = { db: open.db, clock: () => now, newId }
  const place = async ({ source }: { source?: 'push' } = {}) => {
    const [organizationId, repositoryId] = [newId(), newId()]
    await insertDeliveryPlace(open.db, {
      organizationId,
      connectionId: newId(),
      repositories: [{ id: repositoryId, slug: 'storefront-api' }],
      people: [{ id: newId(), name: 'Ada Quill' }],
    })
    if (source !== undefined) await insertSource(open.db, { organizationId, kind: source })
    return { organizationId, repositoryId, repository: 'meadow-goods/storefront-api' }
  }
  const list = async (organizationId: string) => {
    while ((await computeChangedDeployments(open)) > 0);
    return (await listDeployments(deps, { organizationId })).items
  }
  return { db: open.db, deps, place, list, close: open.close }
}

async function insertSource(db: Db, { organizationId, kind }: { organizationId: string; kind: 'push' }): Promise<void> {
  const row = { organization_id: organizationId, id: newId(), kind, valid_from: '2026-01-01T00:00:00Z' }
  await db.insertInto('deployment_source').values(row).execute()
}
