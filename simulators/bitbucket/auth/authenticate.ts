import { timingSafeEqual } from 'node:crypto'
import { isBrownOut } from '../answers/brown-out.ts'
import type { Credential, Person } from '../model.ts'
import { SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import { accessTokenScopes, type Need, withImplied } from './scopes.ts'

export type Principal = { kind: 'anonymous' } | { kind: 'known'; person: Person; credential: Credential }

const invalidTokenMessage = 'Token is invalid, expired, or not supported for this endpoint.'
const challenge = { 'www-authenticate': 'Basic realm="Bitbucket.org HTTP"' }

function refused(message: string): SimulatorError {
  return new SimulatorError(401, message, { headers: challenge })
}

export function anonymousRefusal(sim: Sim, what: string): SimulatorError {
  if (sim.switches.anonymousStatus === 404) return new SimulatorError(404, `${what} not found`)
  return refused('Access token or credentials required.')
}

/** The error an API token made without Bitbucket scopes gets: its `error` is a string, not an object. */
export class NoScopesError extends Error {}

function same(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export function readBasic(header: string): { username: string; password: string } | undefined {
  if (!/^basic /i.test(header)) return undefined
  const text = Buffer.from(header.slice(6).trim(), 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

function isLive(sim: Sim, credential: Credential): boolean {
  return !credential.revoked && (credential.expiresAt === null || credential.expiresAt > sim.clock())
}

/** The credential a header carries, live or not, for whatever it may be used; undefined when it is none of ours. */
export function findCredential(sim: Sim, header: string | undefined): Credential | undefined {
  if (header === undefined) return undefined
  const token = /^bearer /i.test(header) ? header.slice(7).trim() : readBasic(header)?.password
  return token === undefined ? undefined : sim.credentials.find((one) => same(one.token, token))
}

/** Finds who calls the REST API. Throws 401 in the words the remote uses for each kind of wrong. */
export function authenticate(sim: Sim, header: string | undefined): Principal {
  if (header === undefined || header === '') return { kind: 'anonymous' }
  const found = /^bearer /i.test(header) ? findBearer(sim, header.slice(7).trim()) : findBasic(sim, header)
  if (found === undefined) throw refused(messageForUnknown(sim, header))
  if (!isLive(sim, found)) throw refused(messageForDead(sim, found))
  if (found.kind === 'api_token' && found.scopes.length === 0) throw new NoScopesError()
  return { kind: 'known', person: found.person, credential: found }
}

/** What a removed kind of credential is told is not known: a switch. */
function messageForUnknown(sim: Sim, header: string): string {
  const password = readBasic(header)?.password ?? ''
  const isAppPassword = sim.credentials.some((one) => one.kind === 'app_password' && same(one.token, password))
  return isAppPassword ? (sim.switches.appPasswordMessage ?? invalidTokenMessage) : invalidTokenMessage
}

/** OAuth tokens had words of their own for their end. */
function messageForDead(sim: Sim, { kind, revoked }: Credential): string {
  return sim.mode === 'legacy' && kind === 'oauth' && !revoked
    ? 'Access token expired. Use your refresh token to obtain a new access token.'
    : invalidTokenMessage
}

/** Tokens travel in the Authorization header alone; in the address or in a form they are the wrong transport. */
export function assertNoStrayToken(...places: URLSearchParams[]): void {
  if (places.some((place) => place.has('access_token'))) throw refused(invalidTokenMessage)
}

/** Permissions, and changes of deploy keys, are closed to access tokens whatever their scopes. */
export function assertOpenToAccessTokens(principal: Principal, endpoint: { method: string; path: string }): void {
  if (principal.kind === 'anonymous' || principal.credential.kind !== 'access_token') return
  const isPermission = /\/permissions?(-config)?(\/|$)/.test(endpoint.path)
  const isKeyChange = /\/deploy-keys(\/|$)/.test(endpoint.path) && endpoint.method !== 'GET'
  if (isPermission || isKeyChange) throw refused(invalidTokenMessage)
}

/** API tokens are accepted as Bearer too since 2026-08-18; app passwords never were. */
function findBearer(sim: Sim, token: string): Credential | undefined {
  return sim.credentials.find((one) => one.kind !== 'app_password' && same(one.token, token))
}

function areAppPasswordsGone(sim: Sim): boolean {
  return sim.mode === '2026' || isBrownOut(sim, 'appPasswords')
}

function findBasic(sim: Sim, header: string): Credential | undefined {
  const basic = readBasic(header)
  if (basic === undefined) return undefined
  const { username, password } = basic
  return sim.credentials.find((one) => {
    if (!same(one.token, password)) return false
    if (one.kind === 'api_token') return username.toLowerCase() === one.person.email
    return one.kind === 'app_password' && !areAppPasswordsGone(sim) && username === one.person.username
  })
}

export type GitAccess =
  | { kind: 'known'; person: Person; credential: Credential }
  | { kind: 'refused' }
  | { kind: 'app_password_gone' }

/** Git over HTTPS knows other user names than REST: literals for tokens, the Bitbucket user name for people. */
export function authenticateGit(sim: Sim, header: string | undefined): GitAccess {
  const basic = header === undefined ? undefined : readBasic(header)
  if (basic === undefined) return { kind: 'refused' }
  const found = sim.credentials.find((one) => same(one.token, basic.password))
  // App passwords are told by their beginning, whoever's they were.
  if (found === undefined && areAppPasswordsGone(sim) && basic.password.startsWith('ATBB'))
    return { kind: 'app_password_gone' }
  if (found === undefined || !isLive(sim, found)) return { kind: 'refused' }
  const ownName = basic.username === found.person.username
  switch (found.kind) {
    case 'api_token':
      if (!ownName && basic.username !== 'x-bitbucket-api-token-auth') return { kind: 'refused' }
      break
    case 'access_token':
    case 'oauth':
      if (basic.username !== 'x-token-auth') return { kind: 'refused' }
      break
    case 'app_password':
      if (areAppPasswordsGone(sim)) return { kind: 'app_password_gone' }
      if (!ownName) return { kind: 'refused' }
      break
    default:
      found.kind satisfies never
  }
  return { kind: 'known', person: found.person, credential: found }
}

/** The scopes a credential has: an access token never more than its kind can be given. */
export function ownScopes({ kind, scopes, resource }: Credential): string[] {
  if (kind !== 'access_token' || resource === null) return scopes
  const possible = accessTokenScopes[resource.kind]
  return scopes.filter((scope) => possible.includes(scope))
}

/** The same with all they contain. */
export function grantedScopes(credential: Credential): Set<string> {
  const scopes = ownScopes(credential)
  return credential.kind === 'api_token' ? new Set(scopes) : withImplied(scopes)
}

export function requiredScopes(credential: Credential, need: Need): string[] {
  return credential.kind === 'api_token' ? need.token : need.oauth
}

/** Throws 403 with what was required and what the credential has. */
export function assertScopes(credential: Credential, need: Need): void {
  const required = requiredScopes(credential, need)
  const granted = grantedScopes(credential)
  if (required.every((scope) => granted.has(scope))) return
  throw new SimulatorError(403, 'Your credentials lack one or more required privilege scopes.', {
    detail: { required, granted: ownScopes(credential) },
  })
}

/** What X-Credential-Type says: `api_token` and nobody's are recorded, access tokens as clients read it, the rest is older. */
export function credentialLabel(principal: Principal): string {
  if (principal.kind === 'anonymous') return 'unauthenticated_identity'
  const { kind, resource } = principal.credential
  switch (kind) {
    case 'api_token':
      return 'api_token'
    case 'app_password':
      return 'apppassword'
    case 'access_token':
      return `${resource === null || resource.kind === 'repository' ? 'repo' : resource.kind}_access_token`
    case 'oauth':
      return 'oauth2'
    default:
      return kind satisfies never
  }
}
