import * as z from 'zod'
import { segment } from '../lib/rest-client.ts'
import { putBuildStatus } from './commit-report.ts'
import type { RepositoryPlace } from './require-visible-repository.ts'

/** Key of the build status that tests a webhook: one line on a commit, however often it is tested. */
export const webhookTestKey = 'weir-webhook-test'

/** What a test makes Bitbucket send; a hook listens to it for as long as the test runs. */
export const webhookTestEvents = ['repo:commit_status_created', 'repo:commit_status_updated'] as const

const branch = z.object({ target: z.object({ hash: z.string() }) })

/** Full hash of the newest commit of a branch. Throws `remote_not_found` where there is none. */
export async function readBranchHead(place: RepositoryPlace, name: string): Promise<string> {
  const path = `${place.repositoryPath}/refs/branches/${segment(name)}`
  const call = { what: `read the branch ${name}`, lane: place.lane, schema: branch, query: { fields: 'target.hash' } }
  return (await place.client.get(path, call)).target.hash
}

/**
 * Sets the build status that Bitbucket tells all hooks of. It can neither be tried by the API nor sent again: a change is
 * the only way, and this one calls nobody. https://developer.atlassian.com/cloud/bitbucket/rest/api-group-commit-statuses/
 */
export async function putTestStatus(
  place: RepositoryPlace,
  { hash, token, url }: { hash: string; token: string; url: string },
): Promise<void> {
  const description = `Weir looks whether webhooks arrive (${token}).`
  const status = { key: webhookTestKey, state: 'SUCCESSFUL', name: 'Weir: webhook test', url, description }
  await putBuildStatus(place, { hash, status })
}
