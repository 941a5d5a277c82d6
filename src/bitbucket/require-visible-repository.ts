import * as z from 'zod'
import type { RequestLane } from '../domain/request-budget.ts'
import { AppError, isAppError } from '../lib/app-error.ts'
import { segment } from '../lib/rest-client.ts'
import type { BitbucketClient } from './client.ts'

const seenRepository = z.object({ uuid: z.string(), has_issues: z.boolean().optional() })

export type RepositoryPlace = { client: BitbucketClient; lane: RequestLane; repositoryPath: string }

/** Path of a repository in the API, by the UUIDs that stay the same when it is renamed. */
export function repositoryPathOf(repository: { workspaceUuid: string; remoteUuid: string }): string {
  return `/repositories/${segment(repository.workspaceUuid)}/${segment(repository.remoteUuid)}`
}

/**
 * Asked after a 404, which Bitbucket gives for what was deleted and also for what our account may not see. Resolves
 * when the repository is there, so that the 404 can be believed; else throws `remote_forbidden`, which waits.
 */
export async function requireVisibleRepository(place: RepositoryPlace): Promise<{ hasIssues: boolean }> {
  const { client, lane, repositoryPath } = place
  try {
    const call = { what: 'read the repository', lane, schema: seenRepository, query: { fields: 'uuid,has_issues' } }
    return { hasIssues: (await client.get(repositoryPath, call)).has_issues === true }
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    throw new AppError(
      'remote_forbidden',
      'Bitbucket no longer shows this repository to the account behind the credential: it was moved or deleted, or the account lost its access. Nothing is taken for deleted; the work waits. Give the account access again in Bitbucket.',
      { cause: error, ...(error.meta !== undefined && { meta: error.meta }) },
    )
  }
}

/** Runs `ask`; when it ends in a 404, the repository is looked for before that failure is thrown on. */
export async function inVisibleRepository<Value>(place: RepositoryPlace, ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) await requireVisibleRepository(place)
    throw error
  }
}
