import type { BranchMatch, BranchRestriction, Group, RestrictionKind } from '../model/administration.ts'
import type { Person, Repository } from '../model.ts'
import { badRequest, forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { restrictionsOn } from './restrictions-on.ts'

/** Kinds that bind everybody but those they name. */
const withExceptions: readonly RestrictionKind[] = ['push', 'restrict_merges']

/** Kinds that count something. */
const counting: readonly RestrictionKind[] = [
  'require_approvals_to_merge',
  'require_default_reviewer_approvals_to_merge',
  'require_passing_builds_to_merge',
  'require_commits_behind',
]

export interface RestrictionFields {
  kind: RestrictionKind
  match: BranchMatch
  value: number | null
  users: Person[] | undefined
  groups: Group[] | undefined
}

function sameMatch(one: BranchMatch, other: BranchMatch): boolean {
  if (one.kind === 'glob') return other.kind === 'glob' && other.pattern === one.pattern
  return other.kind === 'branching_model' && other.branchType === one.branchType
}

function check(repository: Repository, fields: RestrictionFields, itself: BranchRestriction | null): void {
  const { kind, match, value, users, groups } = fields
  if (match.kind === 'glob' && match.pattern === '')
    throw badRequest('Bad request', { pattern: ['required key not provided'] })
  if (withExceptions.includes(kind)) {
    if (users === undefined && groups === undefined)
      throw badRequest('Bad request', { users: ['required key not provided'], groups: ['required key not provided'] })
  } else if ((users ?? []).length + (groups ?? []).length > 0) {
    throw badRequest('Bad request', { users: [`Users and groups cannot be given for ${kind}.`] })
  }
  if (counting.includes(kind) && (value === null || !Number.isInteger(value) || value < 0))
    throw badRequest('Bad request', { value: ['A whole number is required.'] })
  const twin = repository.restrictions.find((one) => one !== itself && one.kind === kind && sameMatch(one.match, match))
  if (twin !== undefined)
    throw badRequest('Bad request', { __all__: ['A branch restriction with this kind and match already exists.'] })
}

export function getRestriction(repository: Repository, id: string): BranchRestriction {
  const found = repository.restrictions.find((one) => String(one.id) === id)
  if (found === undefined) throw notFound(`Branch restriction ${id} not found`)
  return found
}

export function createRestriction(sim: Sim, repository: Repository, fields: RestrictionFields): BranchRestriction {
  check(repository, fields, null)
  const { kind, match, users = [], groups = [] } = fields
  const value = counting.includes(kind) ? fields.value : null
  const restriction = { id: sim.newId(), kind, match, value, users, groups }
  repository.restrictions.push(restriction)
  return restriction
}

export function updateRestriction(
  repository: Repository,
  restriction: BranchRestriction,
  fields: RestrictionFields,
): void {
  check(repository, fields, restriction)
  const { kind, match, users = [], groups = [] } = fields
  Object.assign(restriction, { kind, match, value: counting.includes(kind) ? fields.value : null, users, groups })
}

export function deleteRestriction(repository: Repository, restriction: BranchRestriction): void {
  repository.restrictions = repository.restrictions.filter((one) => one !== restriction)
}

function exempts(restriction: BranchRestriction, person: Person): boolean {
  const isIn = (people: readonly Person[]) => people.some((one) => one.uuid === person.uuid)
  return isIn(restriction.users) || restriction.groups.some((group) => isIn(group.members))
}

/** Whether one of the kinds stops this person at a branch. Where several match, all of them have to let them through. */
export function isStopped(
  repository: Repository,
  person: Person,
  wish: { branch: string; kinds: readonly RestrictionKind[] },
): boolean {
  return wish.kinds
    .flatMap((kind) => restrictionsOn(repository, wish.branch, kind))
    .some((one) => !exempts(one, person))
}

/** A branch is made, moved or deleted outside of a merge: throws 403 where that is restricted. */
export function assertMayChangeBranch(
  repository: Repository,
  person: Person,
  change: { branch: string; deletes: boolean },
): void {
  const kinds: RestrictionKind[] = change.deletes ? ['push', 'delete'] : ['push']
  if (isStopped(repository, person, { branch: change.branch, kinds }))
    throw forbidden(`Permission denied to update branch ${change.branch}.`)
}
