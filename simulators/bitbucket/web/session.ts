import { pageSession } from '../../shared/page-session.ts'
import type { Person } from '../model.ts'
import type { Sim } from '../state.ts'

export const session = pageSession<Person>('simulated_bitbucket_session')

export function checkPassword(sim: Sim, name: string, password: string): Person | undefined {
  const wanted = name.trim().toLowerCase()
  const found = sim.people.find(
    (one) => one.kind === 'user' && (one.username.toLowerCase() === wanted || one.email.toLowerCase() === wanted),
  )
  return found !== undefined && found.password === password ? found : undefined
}
