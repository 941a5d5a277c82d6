import { requireVisibleRepository } from '../../bitbucket/require-visible-repository.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import { segment } from '../../lib/rest-client.ts'
import type { ItemPlace, ItemTarget } from '../tracker.ts'
import type { DiscussionPlace } from './discussion-place.ts'
import { findHeldLine, listCandidates } from './held-line.ts'
import {
  pullRequestListFields,
  type RemotePullRequest,
  remoteBranch,
  remoteCommit,
  remotePullRequest,
  type Target,
} from './schema.ts'

/** Open pull requests looked into for one place, newest first: one or two requests each. */
const pullRequestsAtMost = 20

/**
 * The open pull request out of or into the scanned branch whose diff shows the line, else the commit the scan saw, else
 * the head of the branch.
 */
export async function chooseTarget(place: DiscussionPlace, wish: ItemPlace): Promise<ItemTarget> {
  const { path, line, lineText } = wish
  if (path !== null && line !== null) {
    const open = await place.remember(`${place.repositoryPath}:open`, () => listOpenPullRequests(place))
    const candidates = listCandidates(open, { branch: wish.branch, remoteUuid: place.repository.remoteUuid })
    for (const candidate of candidates.slice(0, pullRequestsAtMost)) {
      const held = await findHeldLine(place, candidate, { path, line, commitHash: wish.commitHash, lineText })
      if (held === undefined) continue
      const { text: _, ...at } = held
      return toTarget({ kind: 'pull_request', pull_request: candidate.pullRequest.id, ...at })
    }
  }
  const commit = await findCommit(place, wish)
  return toTarget({ kind: 'commit', commit, path, line: path === null ? null : line })
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
