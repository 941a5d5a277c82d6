import type { SyncDeps } from '../../sync/sync-deps.ts'

/** What reading needs. */
export type ReadingDeps = Pick<SyncDeps, 'db' | 'clock' | 'newId' | 'log' | 'locks' | 'connect'>
