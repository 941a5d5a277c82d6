import { pageSession } from '../../shared/page-session.ts'
import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

export const session = pageSession<Person>('simulated_jira_session')

export function checkPassword(sim: Sim, email: string, password: string): Person | undefined {
  const found = sim.people.find((one) => one.email === email.trim().toLowerCase())
  return found?.isActive === true && found.password === password ? found : undefined
}
