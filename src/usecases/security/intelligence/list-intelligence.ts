import type { IntelligenceStatus } from '../../../../contract/security/intelligence.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { type IntelligenceLoad, listIntelligenceLoads } from '../../../store/security/intelligence.ts'
import { intelligenceFiles } from './registry.ts'

const oldAfterMs = 30 * 24 * 60 * 60 * 1000

/** What is loaded of each kind of published file, and whether it is time for a newer one. */
export async function listIntelligence(deps: { db: Db; clock: Clock }): Promise<IntelligenceStatus[]> {
  const loads = new Map((await listIntelligenceLoads(deps.db)).map((load) => [load.kind, load]))
  const now = deps.clock()
  return intelligenceFiles.map(({ kind, title }) => ({ kind, title, ...describe(loads.get(kind), now) }))
}

function describe(load: IntelligenceLoad | undefined, now: Date): Pick<IntelligenceStatus, 'loaded' | 'is_old'> {
  if (load === undefined) return { loaded: null, is_old: false }
  const { version, published_on, entries, loaded_at, applied_at } = load
  const since = published_on === null ? loaded_at : new Date(published_on)
  return {
    loaded: { version, published_on, entries, loaded_at: loaded_at.toISOString(), is_applied: applied_at !== null },
    is_old: now.getTime() - since.getTime() > oldAfterMs,
  }
}
