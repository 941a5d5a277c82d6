import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

/**
 * Ends an account: no credential and no login works any more, and it is no longer a member anywhere. What it wrote
 * stays, by a nameless account or by nobody.
 */
export function deletePerson(sim: Sim, person: Person, becomes: 'anonymised' | 'deleted'): void {
  person.displayName = 'Former user'
  person.isDeleted = becomes === 'deleted'
  person.password = sim.newSecret(40)
  for (const credential of sim.credentials) if (credential.person === person) credential.revoked = true
  for (const [token, grant] of sim.refreshTokens) if (grant.person === person) sim.refreshTokens.delete(token)
  for (const [cookie, one] of sim.sessions) if (one === person) sim.sessions.delete(cookie)
  for (const workspace of sim.workspaces)
    workspace.members = workspace.members.filter((member) => member.person !== person)
  for (const repository of sim.repositories) repository.permissions.delete(person.uuid)
}
