import type { BitbucketClient } from '../../bitbucket/client.ts'
import { type RemoteRepository, readRepository } from '../../bitbucket/readers/repositories.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import {
  findRepository,
  type RepositoryRow,
  setRepositoryState,
  upsertRepositories,
} from '../../store/remotes/repositories.ts'
import type { OpenConnection } from './open-connection.ts'
import { toSeenRepository } from './seen-repository.ts'

/**
 * Brings slug, name and main branch of a repository up to date after a rename or transfer: it is asked for by UUID, so
 * it stays the same one. One refusal never deletes anything: the state says what the remote said.
 */
export async function refreshRepository(
  deps: { db: Db; clock: Clock },
  { connection, client }: OpenConnection,
  repositoryId: string,
): Promise<'here' | 'forbidden' | 'gone'> {
  const organizationId = connection.organization_id
  const row = await findRepository(deps.db, { organizationId, repositoryId })
  if (row === undefined) throw new AppError('not_found', 'There is no such repository.')
  const now = deps.clock()
  try {
    const remote = await readWhereverItIs(client, row)
    await upsertRepositories(deps.db, { organizationId, connectionId: row.connection_id, now }, [
      toSeenRepository(remote, connection, row.id),
    ])
    return 'here'
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) {
      await setRepositoryState(deps.db, { organizationId, repositoryId, now }, 'gone')
      return 'gone'
    }
    if (!isAppError(error, 'remote_forbidden')) throw error
    await setRepositoryState(deps.db, { organizationId, repositoryId, now }, 'forbidden')
    return 'forbidden'
  }
}

/** In its workspace first; a transferred one answers under `{}`, which stands for any. */
async function readWhereverItIs(client: BitbucketClient, row: RepositoryRow): Promise<RemoteRepository> {
  const question = { repository: row.remote_uuid, lane: 'status' } as const
  try {
    return await readRepository(client, { ...question, workspace: row.workspace_uuid })
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    return readRepository(client, { ...question, workspace: '{}' })
  }
}
