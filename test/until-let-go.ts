import { setTimeout as sleep } from 'node:timers/promises'
import type { SyncWorld } from './sync-world.ts'

/** Waits until no row is held any more; for a few seconds at most, since a killed sender's rows stay held until their lease ends. */
export async function untilLetGo(world: SyncWorld, table: 'outgoing_call' | 'outgoing_webhook'): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    const held = await world.db
      .selectFrom(table)
      .select('id')
      .where('leased_by', 'is not', null)
      .where('leased_until', '>', world.deps.clock())
      .execute()
    if (held.length === 0) return
    await sleep(5)
  }
}
