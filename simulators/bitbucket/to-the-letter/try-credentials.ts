import { apiTokenScopes } from '../auth/scopes.ts'
import type { Credential, Person } from '../model.ts'
import type { Simulator } from '../simulator.ts'
import { type Ask, asker, basic } from '../try-api.ts'

function personOf(simulator: Simulator, username: string): Person {
  const person = simulator.sim.people.find((one) => one.username === username)
  if (person === undefined) throw new Error(`nobody is called ${username}`)
  return person
}

/** Adds a credential and answers it: what the site's pages would make. */
export function makeCredential(
  simulator: Simulator,
  wanted: Partial<Credential> & Pick<Credential, 'kind'>,
  username = 'mara-lind',
): Credential {
  const credential: Credential = {
    token: `made-${simulator.sim.credentials.length}-${wanted.kind}`,
    person: personOf(simulator, username),
    scopes: wanted.kind === 'api_token' ? [...apiTokenScopes] : [],
    expiresAt: null,
    revoked: false,
    resource: null,
    consumerKey: null,
    ...wanted,
  }
  simulator.sim.credentials.push(credential)
  return credential
}

/** Asks with a new credential: API tokens as Basic with the e-mail address, all others as Bearer. */
export function askWith(
  simulator: Simulator,
  wanted: Partial<Credential> & Pick<Credential, 'kind'>,
  username = 'mara-lind',
): Ask {
  const { kind, token, person } = makeCredential(simulator, wanted, username)
  return asker(simulator, kind === 'api_token' ? basic(person.email, token) : `Bearer ${token}`)
}
