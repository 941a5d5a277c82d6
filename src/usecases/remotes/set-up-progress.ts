import * as z from 'zod'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, findConnection, updateConnection } from '../../store/remotes/connections.ts'
import { announce } from '../../store/sync/live-events.ts'

const setUpProgress = z.object({
  state: z.enum(['idle', 'running', 'failed']).default('idle'),
  repositories_done: z.number().int().default(0),
  repositories_total: z.number().int().default(0),
  webhooks_done: z.number().int().default(0),
  webhooks_total: z.number().int().default(0),
  error: z.string().nullable().default(null),
})

/** How far making assets and webhooks of a connection is. */
export type SetUpProgress = z.infer<typeof setUpProgress>

export const noProgress: SetUpProgress = setUpProgress.parse({})

/** Throws `not_found`. */
export async function getConnectionProgress({ db }: { db: Db }, key: ConnectionKey): Promise<SetUpProgress> {
  const row = await findConnection(db, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  return setUpProgress.parse(row.setup_progress)
}

export async function recordProgress(
  deps: { db: Db; clock: Clock },
  key: ConnectionKey,
  progress: SetUpProgress,
): Promise<void> {
  await updateConnection(deps.db, { ...key, now: deps.clock() }, { setup_progress: JSON.stringify(progress) })
  await announce(deps.db, key.organizationId, [{ kind: 'connection', connection_id: key.connectionId }])
}
