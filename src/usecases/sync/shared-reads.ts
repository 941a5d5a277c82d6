import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { findConnection } from '../../store/remotes/connections.ts'
import { findRepositoryByRemote, type RepositoryRow } from '../../store/remotes/repositories.ts'
import type { OpenConnection } from '../remotes/open-connection.ts'
import type { SyncDeps } from './sync-deps.ts'

/** What the deliveries of one job have in common and each would read anew. */
export type SharedReads = {
  findConnection: (key: { organizationId: string; connectionId: string }) => Promise<ConnectionRow | undefined>
  findRepository: (key: { organizationId: string; remoteUuid: string }) => Promise<RepositoryRow | undefined>
  /** With its credential unsealed once. What names its need, or counts its requests, is opened for itself. */
  connect: SyncDeps['connect']
  /** What was heard of a repository: all that these deliveries tell was there before the first of them was looked at. */
  heard: Set<string>
  /** After a failure, or a change of what was read. */
  forget: () => void
}

/** Soon enough for whoever disconnects, pauses or moves something meanwhile. */
const sharedMs = 2000

/** For one job: what is read lives for a moment, and until something fails. */
export function shareReads(deps: Pick<SyncDeps, 'db' | 'connect'>): SharedReads {
  let readAtMs = performance.now()
  const connections = new Map<string, Promise<ConnectionRow | undefined>>()
  const repositories = new Map<string, Promise<RepositoryRow | undefined>>()
  const opened = new Map<string, Promise<OpenConnection>>()
  const forget = (): void => {
    for (const known of [connections, repositories, opened]) known.clear()
    readAtMs = performance.now()
  }
  const once = <Value>(known: Map<string, Promise<Value>>, key: string, read: () => Promise<Value>): Promise<Value> => {
    if (performance.now() - readAtMs > sharedMs) forget()
    const value = known.get(key) ?? read()
    known.set(key, value)
    return value
  }
  return {
    findConnection: (key) =>
      once(connections, `${key.organizationId} ${key.connectionId}`, () => findConnection(deps.db, key)),
    findRepository: (key) =>
      once(repositories, `${key.organizationId} ${key.remoteUuid}`, () => findRepositoryByRemote(deps.db, key)),
    connect: (key) =>
      key.needs === undefined && key.onRequest === undefined
        ? once(opened, `${key.organizationId} ${key.connectionId}`, () => deps.connect(key))
        : deps.connect(key),
    heard: new Set(),
    forget,
  }
}
