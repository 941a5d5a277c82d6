import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import {
  type IntelligenceLoad,
  listOrganizationIds,
  markIntelligenceApplied,
} from '../../../store/security/intelligence.ts'
import {
  awaitWriters,
  listVulnerabilitiesToTell,
  refreshIntelligence,
} from '../../../store/security/vulnerability-intelligence.ts'

/** Tells every vulnerability what the loaded files say of it, batch by batch; answers how many of them changed. */
export async function applyIntelligence(
  deps: { db: Db; clock: Clock },
  load: Pick<IntelligenceLoad, 'kind' | 'sha256'>,
): Promise<number> {
  let changed = 0
  for (const organizationId of await listOrganizationIds(deps.db)) {
    let after: string | null = null
    do {
      const batch: Batch = await deps.db.transaction().execute((tx) => tellBatch(tx, organizationId, after))
      changed += batch.changed
      after = batch.last
    } while (after !== null)
  }
  await markIntelligenceApplied(deps.db, { ...load, now: deps.clock() })
  return changed
}

type Batch = { last: string | null; changed: number }

async function tellBatch(tx: Db, organizationId: string, after: string | null): Promise<Batch> {
  await awaitWriters(tx)
  const ids = await listVulnerabilitiesToTell(tx, organizationId, after)
  return { last: ids.at(-1) ?? null, changed: await refreshIntelligence(tx, organizationId, ids) }
}
