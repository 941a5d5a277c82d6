import * as z from 'zod'
import { isAppError } from '../lib/app-error.ts'
import { segment } from '../lib/rest-client.ts'
import type { RepositoryPlace } from './require-visible-repository.ts'

/** Annotations Bitbucket takes in one request. */
const annotationsPerRequest = 100
/** Ours on every commit: the same id overwrites. */
const reportId = 'weir'

const anything = z.unknown()
const commit = z.object({ hash: z.string() })

/** Full hash of a commit; undefined when the repository does not have it. */
export async function findCommitHash(place: RepositoryPlace, hash: string): Promise<string | undefined> {
  try {
    const call = { what: 'read the commit', lane: place.lane, schema: commit, query: { fields: 'hash' } }
    return (await place.client.get(`${place.repositoryPath}/commit/${segment(hash)}`, call)).hash
  } catch (error) {
    if (isAppError(error, 'remote_not_found')) return undefined
    throw error
  }
}

/**
 * Puts the Code Insights report of a commit with its annotations in place of the one before, whose annotations would stay
 * otherwise. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-reports/
 */
export async function replaceCommitReport(
  place: RepositoryPlace,
  input: { hash: string; report: object; annotations: readonly object[]; isKnown: boolean },
): Promise<void> {
  const { client, lane } = place
  const path = `${place.repositoryPath}/commit/${segment(input.hash)}/reports/${reportId}`
  if (input.isKnown) await client.delete(path, { what: 'remove the report of a commit', lane }).catch(ignoreMissing)
  await client.put(path, { what: 'write the report of a commit', lane, schema: anything, body: input.report })
  for (let from = 0; from < input.annotations.length; from += annotationsPerRequest) {
    const body = input.annotations.slice(from, from + annotationsPerRequest)
    await client.post(`${path}/annotations`, { what: 'annotate a commit', lane, schema: anything, body })
  }
}

/** Sets the build status of a commit; its key replaces the one before. */
export async function putBuildStatus(
  place: RepositoryPlace,
  { hash, status }: { hash: string; status: object },
): Promise<void> {
  const path = `${place.repositoryPath}/commit/${segment(hash)}/statuses/build`
  await place.client.post(path, { what: 'set a build status', lane: place.lane, schema: anything, body: status })
}

function ignoreMissing(error: unknown): void {
  if (!isAppError(error, 'remote_not_found')) throw error
}
