import { segment } from '../../bitbucket/client.ts'
import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { ItemPlace, ItemTarget } from '../tracker.ts'
import { diffShowsLine } from './diff-lines.ts'
import type { DiscussionPlace } from './discussion-place.ts'
import {
  pullRequestListFields,
  type RemotePullRequest,
  remoteBranch,
  remoteCommit,
  remoteFileChange,
  remotePullRequest,
  type Target,
} from './schema.ts'

/** Open pull requests looked into for one place, newest first: one or two requests each. */
const pullRequestsAtMost = 20

/**
 * The open pull request whose diff shows the line (that of the scanned branch first), else the commit the scan saw,
 * else the head of the branch.
 */
export async function chooseTarget(place: DiscussionPlace, wish: ItemPlace): Promise<ItemTarget> {
  const { path, line } = wish
  if (path !== null && line !== null) {
    const open = await place.remember(`${place.repositoryPath}:open`, () => listOpenPullRequests(place))
    const mineFirst = open.toSorted((one, other) => rank(one, wish.branch) - rank(other, wish.branch))
    for (const pullRequest of mineFirst.slice(0, pullRequestsAtMost))
      if (await holdsLine(place, pullRequest, { path, line }))
        return toTarget({ kind: 'pull_request', pull_request: pullRequest.id, path, line })
  }
  const commit = await findCommit(place, wish)
  return toTarget({ kind: 'commit', commit, path, line: path === null ? null : line })
}

function rank(pullRequest: RemotePullRequest, branch: string): number {
  return pullRequest.source.branch?.name === branch ? 0 : 1
}

function toTarget(remote: Target): ItemTarget {
  const key = remote.kind === 'pull_request' ? `pull_request:${remote.pull_request}` : `commit:${remote.commit}`
  return { key, remote }
}

async function listOpenPullRequests(place: DiscussionPlace): Promise<RemotePullRequest[]> {
  const query = { state: 'OPEN', sort: '-updated_on', pagelen: 50, fields: pullRequestListFields }
  const call = { what: 'list the open pull requests', lane: place.lane, schema: remotePullRequest, query }
  for await (const page of place.client.pages(`${place.repositoryPath}/pullrequests`, call)) return page.values
  return []
}

async function holdsLine(
  place: DiscussionPlace,
  pullRequest: RemotePullRequest,
  { path, line }: { path: string; line: number },
): Promise<boolean> {
  const source = pullRequest.source.commit?.hash
  const destination = pullRequest.destination.commit?.hash
  if (source === undefined || destination === undefined) return false
  const spec = `${segment(source)}..${segment(destination)}`
  const { client, lane } = place
  const paths = await place.remember(`${place.repositoryPath}:files:${spec}`, async () => {
    const found = new Set<string>()
    const call = { what: 'list the files of a pull request', lane, schema: remoteFileChange, query: { pagelen: 500 } }
    for await (const page of client.pages(`${place.repositoryPath}/pullrequests/${pullRequest.id}/diffstat`, call))
      for (const change of page.values) if (change.new?.path !== undefined) found.add(change.new.path)
    return found
  })
  if (!paths.has(path)) return false
  const diff = await place.remember(`${place.repositoryPath}:diff:${spec}:${path}`, () =>
    client.text(`${place.repositoryPath}/diff/${spec}`, { what: 'read a diff', lane, query: { path, topic: true } }),
  )
  return diffShowsLine(diff, path, line)
}

/** Full hash of the commit the scan saw; a commit Bitbucket does not know (a local one, another repository's) gives the branch's head. */
async function findCommit(place: DiscussionPlace, wish: ItemPlace): Promise<string> {
  const { client, lane, repositoryPath } = place
  const { commitHash } = wish
  if (commitHash !== null) {
    const known = await place.remember(`${repositoryPath}:commit:${commitHash}`, async () => {
      try {
        const call = { what: 'read a commit', lane, schema: remoteCommit, query: { fields: 'hash' } }
        return (await client.get(`${repositoryPath}/commit/${segment(commitHash)}`, call)).hash
      } catch (error) {
        if (isAppError(error, 'remote_not_found')) return undefined
        throw error
      }
    })
    if (known !== undefined) return known
  }
  return place.remember(`${repositoryPath}:branch:${wish.branch}`, () => readBranchHead(place, wish.branch))
}

async function readBranchHead(place: DiscussionPlace, branch: string): Promise<string> {
  const path = branch.split('/').map(segment).join('/')
  try {
    const call = { what: 'read a branch', lane: place.lane, schema: remoteBranch, query: { fields: 'target.hash' } }
    return (await place.client.get(`${place.repositoryPath}/refs/branches/${path}`, call)).target.hash
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    await requireVisibleRepository(place)
    throw new AppError(
      'remote_refused',
      `Bitbucket knows neither the commit the scan saw nor the branch ${branch}. Push the branch, or import the report for a branch that exists there, and retry.`,
      { cause: error },
    )
  }
}
