import type { Call } from '../call.ts'
import type { Person } from '../model.ts'
import { notFound } from '../simulator-error.ts'

/** A person by UUID, Atlassian account id or, where the remote still takes it, user name; throws 404. */
export function getPerson(call: Call, id: string): Person {
  const found = call.sim.people.find((one) => one.uuid === id || one.accountId === id || one.username === id)
  if (found === undefined) throw notFound(`No such user: ${id}`)
  return found
}
