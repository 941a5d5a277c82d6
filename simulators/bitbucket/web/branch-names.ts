import type { PullRequest, Repository } from '../model.ts'
import { sourceOf } from '../operations/pull-request-source.ts'
import { fullName } from '../render/links.ts'
import type { Sim } from '../state.ts'

/** The branches of a pull request, with their repositories where these are two. */
export function branchNames(sim: Sim, on: { repository: Repository; pullRequest: PullRequest }) {
  const { repository, pullRequest } = on
  const { sourceBranch, destinationBranch } = pullRequest
  const source = sourceOf(sim, on)
  if (source === repository) return { source: sourceBranch, destination: destinationBranch }
  const fork = source === undefined ? 'deleted repository' : fullName(source)
  return { source: `${fork}:${sourceBranch}`, destination: `${fullName(repository)}:${destinationBranch}` }
}
