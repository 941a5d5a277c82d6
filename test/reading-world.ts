import { ensureFeeds } from '../src/usecases/delivery/reading/ensure-feeds.ts'
import { type ReadConnectionInput, readConnection } from '../src/usecases/delivery/reading/read-connection.ts'
import { createSyncWorld } from './sync-world.ts'

export type ReadingWorld = Awaited<ReturnType<typeof createReadingWorld>>

/** An organization connected to a simulated Bitbucket, whose feeds are read when `read` is called. */
export async function createReadingWorld() {
  const world = await createSyncWorld({ mode: '2026' })
  const key = { organizationId: world.ids.organizationId, connectionId: world.ids.connectionId }
  const feeds = async () =>
    world.db.selectFrom('feed').selectAll().where('kind', '<>', 'commits').orderBy('kind').execute()
  return {
    ...world,
    key,
    feeds,
    feed: async (kind: string) => {
      const found = (await feeds()).find((one) => one.kind === kind)
      if (found === undefined) throw new Error(`There is no feed of ${kind}.`)
      return found
    },
    read: async (input: Partial<ReadConnectionInput> = {}) => {
      await ensureFeeds(world.deps, key)
      return readConnection(world.deps, { ...key, ...input })
    },
    /** Paths of the API that were asked for since the last time, without the workspace and the repository. */
    asked: () =>
      world.simulator.requests
        .splice(0)
        .filter(({ method }) => method === 'GET')
        .map(({ path }) => decodeURIComponent(path).replace(/^\/2\.0\/repositories\/[^/]+\/[^/]+/, '~')),
  }
}
