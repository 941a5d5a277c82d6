import { timingSafeEqual } from 'node:crypto'
import { gatewayError, notAuthenticated } from '../jira-error.ts'
import type { Credential, Person } from '../model.ts'
import type { Sim } from '../state.ts'
import type { Scope } from './scopes.ts'

export type Principal =
  /** `hasFailed`: came with a credential that is not good. */
  { kind: 'anonymous'; hasFailed: boolean } | { kind: 'known'; person: Person; credential: Credential }

/** Where a request came in: at the site itself, or at api.atlassian.com/ex/jira/{cloudId}. */
export type Entrance = 'site' | 'gateway'

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function readBasic(header: string): { email: string; token: string } | undefined {
  if (!/^basic /i.test(header)) return undefined
  const text = Buffer.from(header.slice(6).trim(), 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { email: text.slice(0, colon), token: text.slice(colon + 1) }
}

/** The credential a header carries, live or not; undefined when it is none of ours. */
export function findCredential(sim: Sim, header: string | undefined): Credential | undefined {
  if (header === undefined) return undefined
  if (/^bearer /i.test(header)) {
    const token = header.slice(7).trim()
    return sim.credentials.find((one) => one.kind === 'oauth' && same(one.token, token))
  }
  const basic = readBasic(header)
  if (basic === undefined) return undefined
  return sim.credentials.find(
    (one) => one.kind === 'api_token' && same(one.token, basic.token) && basic.email.toLowerCase() === one.person.email,
  )
}

export function isLive(sim: Sim, credential: Credential): boolean {
  const isInTime = credential.expiresAt === null || credential.expiresAt > sim.clock()
  return isInTime && !credential.isRevoked && credential.person.isActive && credential.person.hasSiteAccess
}

/** What answers to a credential that is not good carry, a 200 for nobody included. */
export const failedLogin = { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }

/** OAuth and scoped tokens are for the gateway alone, unscoped tokens for the site. */
function isAtHome(sim: Sim, credential: Credential, entrance: Entrance): boolean {
  if (credential.scopes !== null) return entrance === 'gateway'
  return entrance === 'site' || sim.switches.unscopedTokensAtGateway === 'accepted'
}

/** Finds who calls. Throws the 401 of the entrance for a credential that is not good there. */
export function authenticate(sim: Sim, header: string | undefined, entrance: Entrance): Principal {
  const isGateway = entrance === 'gateway'
  if (header === undefined || header === '') {
    if (isGateway) throw gatewayError(401, 'Unauthorized')
    return { kind: 'anonymous', hasFailed: false }
  }
  const credential = findCredential(sim, header)
  if (credential !== undefined && isLive(sim, credential) && isAtHome(sim, credential, entrance)) {
    return { kind: 'known', person: credential.person, credential }
  }
  if (isGateway) throw gatewayError(401, 'Unauthorized')
  if (sim.switches.badCredentials === 'anonymous') return { kind: 'anonymous', hasFailed: true }
  throw notAuthenticated(failedLogin)
}

/** Throws the gateway's 401 when the credential lacks the scope of a call. */
export function assertScope(credential: Credential, scope: Scope | null): void {
  if (credential.scopes === null) return
  if (scope !== null && credential.scopes.includes(scope)) return
  throw gatewayError(401, 'Unauthorized; scope does not match')
}
