import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

function without(people: Person[], person: Person): Person[] {
  return people.filter((one) => one !== person)
}

/** Takes a person out of everything that is still to be decided or allowed; what was done stays theirs. */
function takeOut(sim: Sim, person: Person): void {
  for (const workspace of sim.workspaces) {
    workspace.members = workspace.members.filter((member) => member.person !== person)
    for (const group of workspace.groups) group.members = without(group.members, person)
    for (const project of workspace.projects) {
      project.userPermissions.delete(person.uuid)
      project.defaultReviewers = without(project.defaultReviewers, person)
    }
  }
  for (const repository of sim.repositories) {
    repository.permissions.delete(person.uuid)
    repository.defaultReviewers = without(repository.defaultReviewers, person)
    repository.watchers = without(repository.watchers, person)
    for (const restriction of repository.restrictions) restriction.users = without(restriction.users, person)
    for (const pullRequest of repository.pullRequests) pullRequest.reviewers = without(pullRequest.reviewers, person)
  }
}

/**
 * Ends an account: no credential and no login works any more, and it has no rights anywhere. What it wrote stays, by an
 * account without a name (`anonymised`) or by nobody (`deleted`).
 */
export function deletePerson(sim: Sim, person: Person, becomes: 'anonymised' | 'deleted'): void {
  person.displayName = 'Former user'
  person.username = `former-user-${person.accountId}`
  person.password = sim.newSecret(40)
  for (const credential of sim.credentials) if (credential.person === person) credential.revoked = true
  for (const [token, grant] of sim.refreshTokens) if (grant.person === person) sim.refreshTokens.delete(token)
  for (const [cookie, one] of sim.sessions) if (one === person) sim.sessions.delete(cookie)
  takeOut(sim, person)
  if (becomes === 'anonymised') return
  person.isDeleted = true
  sim.people = without(sim.people, person)
}
