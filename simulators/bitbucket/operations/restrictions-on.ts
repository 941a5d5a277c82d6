import { matchesPattern } from '../../shared/glob.ts'
import type { BranchMatch, BranchRestriction, RestrictionKind } from '../model/administration.ts'
import type { Repository } from '../model.ts'

function fits(repository: Repository, match: BranchMatch, branch: string): boolean {
  if (match.kind === 'glob') return matchesPattern(match.pattern, branch)
  const model = repository.overrides.branching_model ? repository.branchingModel : repository.project.branchingModel
  const { branchType } = match
  if (branchType === 'production' || branchType === 'development') {
    const target = model[branchType]
    if (branchType === 'production' && !model.production.enabled) return false
    return (target.useMainBranch ? repository.mainBranch : target.name) === branch
  }
  const type = model.branchTypes.find((one) => one.kind === branchType)
  return type !== undefined && type.enabled && branch.startsWith(type.prefix)
}

/** The restrictions of a kind that a branch is under. */
export function restrictionsOn(repository: Repository, branch: string, kind: RestrictionKind): BranchRestriction[] {
  return repository.restrictions.filter((one) => one.kind === kind && fits(repository, one.match, branch))
}
