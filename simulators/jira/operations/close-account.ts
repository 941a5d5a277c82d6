import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

/** Ends an account: no credential and no login works any more. What it wrote stays, by an account without a name. */
export function closeAccount(sim: Sim, person: Person): void {
  Object.assign(person, { displayName: 'Former user', email: '', isActive: false })
  person.password = sim.newSecret(40)
  for (const one of sim.credentials) if (one.person === person) one.isRevoked = true
  for (const one of sim.refreshTokens) if (one.person === person) one.isRevoked = true
  for (const [cookie, one] of sim.sessions) if (one === person) sim.sessions.delete(cookie)
}
