import type { Principal } from '../auth/authenticate.ts'
import { atLeast, findRepository, permissionOf } from '../auth/permission.ts'
import { bringBranch } from '../git/bring-branch.ts'
import { mergeBase, resolveCommit } from '../git/refs.ts'
import type { PullRequest, Repository } from '../model.ts'
import { badRequest, SimulatorError, wrongField } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

/** The repository a pull request comes from; undefined once it is deleted. */
export function sourceOf(sim: Sim, on: { repository: Repository; pullRequest: PullRequest }): Repository | undefined {
  const { sourceRepository } = on.pullRequest
  if (sourceRepository === undefined) return on.repository
  return sim.repositories.find(({ uuid }) => uuid === sourceRepository)
}

/** What a pull request remembers of its source: nothing where that is its own repository. */
export function toSourceRepository(repository: Repository, source: Repository): { sourceRepository?: string } {
  return source === repository ? {} : { sourceRepository: source.uuid }
}

function rootOf(repository: Repository): Repository {
  return repository.parent === null ? repository : rootOf(repository.parent)
}

/** Forks of one repository, and that itself. */
export function relativesOf(sim: Sim, repository: Repository): Repository[] {
  const root = rootOf(repository)
  return sim.repositories.filter((one) => one !== repository && rootOf(one) === root)
}

/** The source by its full name or UUID: the repository itself or a relative, where the caller may push to. */
export function findSource(
  sim: Sim,
  principal: Principal,
  { repository, named }: { repository: Repository; named: string },
): Repository {
  const [workspace = '', slug = ''] = named.startsWith('{') ? ['{}', named] : named.split('/')
  const found = findRepository(sim, workspace, slug)
  if (found === repository) return repository
  // What one cannot see is not told apart from what is not there.
  if (found === undefined || !atLeast(permissionOf(found, principal), 'read'))
    throw wrongField('source', `repository not found: ${named}`)
  if (!relativesOf(sim, repository).includes(found))
    throw wrongField('source', `${named} is not a fork of the destination.`)
  if (!atLeast(permissionOf(found, principal), 'write'))
    throw new SimulatorError(sim.switches.forkSourceRefusal, 'You need write access to the source repository.')
  return found
}

/** Where a branch of the source stands, its commits being in the repository too by then. Belongs in its queue. */
export async function bringSource(
  sim: Sim,
  repository: Repository,
  from: { source: Repository; branch: string },
): Promise<string | undefined> {
  const { source, branch } = from
  if (source === repository) return await resolveCommit(repository.directory, `refs/heads/${branch}`)
  try {
    return await bringBranch(repository.directory, { directory: source.directory, branch })
  } catch (error) {
    // Somebody deletes the fork meanwhile.
    if (!sim.repositories.includes(source)) return undefined
    throw error
  }
}

export async function hasSourceBranch(
  sim: Sim,
  on: { repository: Repository; pullRequest: PullRequest },
): Promise<boolean> {
  const source = sourceOf(sim, on)
  if (source === undefined) return false
  return (await resolveCommit(source.directory, `refs/heads/${on.pullRequest.sourceBranch}`)) !== undefined
}

interface Ends {
  source: Repository | undefined
  sourceBranch: string
  destinationBranch: string
}

/** The commits that two branches stand at, when there is something to bring from the one to the other. */
export async function findEnds(sim: Sim, repository: Repository, { source, sourceBranch, destinationBranch }: Ends) {
  if (source === undefined) throw wrongField('source', 'repository not found')
  const [sourceHash, destinationHash] = await Promise.all([
    bringSource(sim, repository, { source, branch: sourceBranch }),
    resolveCommit(repository.directory, `refs/heads/${destinationBranch}`),
  ])
  if (sourceHash === undefined) throw wrongField('source', `branch not found: ${sourceBranch}`)
  if (destinationHash === undefined) throw wrongField('destination', `branch not found: ${destinationBranch}`)
  if ((await mergeBase(repository.directory, sourceHash, destinationHash)) === sourceHash)
    throw badRequest('There are no changes to be pulled')
  return { sourceBranch, sourceHash, destinationBranch, destinationHash }
}
