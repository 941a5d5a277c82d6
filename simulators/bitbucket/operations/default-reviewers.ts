import { grantedTo } from '../auth/permission.ts'
import type { Person, Project, Repository, Workspace } from '../model.ts'
import { badRequest } from '../simulator-error.ts'

function assertHuman(person: Person): void {
  if (person.kind !== 'user') throw badRequest('Bots cannot be default reviewers.')
}

function without(people: readonly Person[], person: Person): Person[] {
  return people.filter((one) => one.uuid !== person.uuid)
}

/** Adding somebody twice changes nothing. Throws 400 for bots and for who cannot see the repository. */
export function addDefaultReviewer(repository: Repository, person: Person): void {
  assertHuman(person)
  if (repository.isPrivate && grantedTo(repository, person) === 'none')
    throw badRequest(`${person.displayName} does not have access to this repository.`)
  repository.defaultReviewers = [...without(repository.defaultReviewers, person), person]
}

export function removeDefaultReviewer(owner: Pick<Repository | Project, 'defaultReviewers'>, person: Person): void {
  owner.defaultReviewers = without(owner.defaultReviewers, person)
}

/** Throws 400 for bots and for who is not in the workspace. */
export function addProjectReviewer(workspace: Workspace, project: Project, person: Person): void {
  assertHuman(person)
  if (!workspace.members.some((one) => one.person.uuid === person.uuid))
    throw badRequest(`${person.displayName} is not a member of this workspace.`)
  project.defaultReviewers = [...without(project.defaultReviewers, person), person]
}

interface EffectiveReviewer {
  person: Person
  from: 'project' | 'repository'
}

/** The project's and the repository's own, everybody once. */
export function effectiveReviewers(repository: Repository): EffectiveReviewer[] {
  const { project, defaultReviewers } = repository
  const inherited = project.defaultReviewers.filter((person) => !defaultReviewers.includes(person))
  return [
    ...inherited.map((person) => ({ person, from: 'project' as const })),
    ...defaultReviewers.map((person) => ({ person, from: 'repository' as const })),
  ]
}

/** Who is asked to review a new pull request: nobody reviews their own. */
export function reviewersFor(repository: Repository, author: Person): Person[] {
  return effectiveReviewers(repository)
    .map(({ person }) => person)
    .filter((person) => person.uuid !== author.uuid)
}
