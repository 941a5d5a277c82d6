import * as z from 'zod'
import { type BitbucketClient, createBitbucketClient } from '../../bitbucket/client.ts'
import type { BitbucketCredential } from '../../bitbucket/credential.ts'
import { remoteTitles } from '../../domain/remote-kind.ts'
import type { RequestBudget, RequestNeed } from '../../domain/request-budget.ts'
import { createJiraClient, type JiraClient } from '../../jira/client.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { HttpClient } from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import type { RestOutcome } from '../../lib/rest-client.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, type ConnectionRow, findSealedConnection } from '../../store/remotes/connections.ts'
import { remainingPauseMs } from '../../store/remotes/pause.ts'
import { markReachable, markUnauthorized, markUnreachable, pauseConnection } from './connection-state.ts'
import { countFailure, endOutage, requireNoOutage } from './outage.ts'
import { renewOAuth } from './renew-oauth.ts'
import type { RequestBudgets } from './request-budgets.ts'
import { openCredential, type StoredCredential, toBitbucketCredential, toJiraCredential } from './stored-credential.ts'

/** What everything needs that speaks with a remote for a connection. */
export type RemoteDeps = {
  db: Db
  http: HttpClient
  secretBox: SecretBox
  clock: Clock
  log: Log
  budgets: RequestBudgets
}

export type OpenConnection = { connection: ConnectionRow; client: BitbucketClient }
export type OpenJiraConnection = { connection: ConnectionRow; client: JiraClient }
export type GitAccess = {
  connection: ConnectionRow
  credential: BitbucketCredential
  renew: () => Promise<BitbucketCredential | undefined>
}
export type OpenInput = ConnectionKey & {
  evenUnauthorized?: boolean
  onRequest?: () => void
  /** What the work takes on its plain way: it is not begun with less. */
  needs?: RequestNeed | undefined
}

/** A token that ends sooner than this is renewed before it is used. */
const renewBeforeMs = 60_000

/**
 * A client for a connection with Bitbucket, with its credential unsealed and fresh, its requests counted, and its state
 * kept: 401 makes it `unauthorized`, 429 pauses it. Throws `not_found`, `conflict` (disconnected, or of another kind),
 * `remote_unauthorized` or `remote_rate_limited` (with `retry_after_s`) while it may not be used; the caller's work waits then.
 */
export async function openConnection(deps: RemoteDeps, input: OpenInput): Promise<OpenConnection> {
  const { connection, options } = await openAny(deps, input, { kind: 'bitbucket', toCredential: toBitbucketCredential })
  return { connection, client: createBitbucketClient({ ...options, log: deps.log }) }
}

/** Who we are to git, for a connection with Bitbucket; `renew` is for after a refused login. Throws as `openConnection` does. */
export async function openGitAccess(deps: RemoteDeps, key: ConnectionKey): Promise<GitAccess> {
  const { connection, options } = await openAny(deps, key, { kind: 'bitbucket', toCredential: toBitbucketCredential })
  return { connection, credential: options.credential, renew: options.renew }
}

/** The same for a connection with Jira. */
export async function openJiraConnection(deps: RemoteDeps, input: OpenInput): Promise<OpenJiraConnection> {
  const { connection, options } = await openAny(deps, input, { kind: 'jira', toCredential: toJiraCredential })
  return { connection, client: createJiraClient(options) }
}

type Remote<Credential> = {
  kind: ConnectionRow['kind']
  toCredential: (stored: StoredCredential) => Credential | undefined
}

async function openAny<Credential>(deps: RemoteDeps, input: OpenInput, remote: Remote<Credential>) {
  const key = { organizationId: input.organizationId, connectionId: input.connectionId }
  const row = await findSealedConnection(deps.db, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  if (row.kind !== remote.kind) throw new AppError('conflict', 'This connection leads to another kind of remote.')
  const { sealed_credential: sealed, ...connection } = row
  requireUsable(connection, input.evenUnauthorized === true, deps.clock())
  // A check is itself a probe: the hourly one, and a person's "try now".
  if (input.evenUnauthorized !== true) await requireNoOutage(deps, connection)
  const session = createSession(deps, key, {
    credential: openCredential(deps.secretBox, key, sealed),
    version: row.credential_version,
  })
  if (session.isEnding()) await session.renew()
  const counted = deps.budgets.of({ ...key, kind: row.kind })
  if (input.needs !== undefined) await counted.require(input.needs.lane, input.needs.requests)
  const credential = remote.toCredential(session.current())
  if (credential === undefined) throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  let isNoted = connection.state !== 'unreachable' && connection.pause_seconds === 0 && connection.failures_in_row === 0
  const onOutcome = async (outcome: RestOutcome): Promise<void> => {
    if (outcome.kind === 'failed') {
      isNoted &&= outcome.error.code !== 'remote_unavailable'
      return noteFailure(deps, { ...key, version: session.version() }, outcome.error)
    }
    if (isNoted) return
    isNoted = true
    await markReachable(deps, connection)
    await endOutage(deps, key)
  }
  const renew = async () => ((await session.renew()) ? remote.toCredential(session.current()) : undefined)
  const budget = tellRequests(counted, input.onRequest)
  return {
    connection,
    options: { http: deps.http, clock: deps.clock, apiUrl: row.api_url, credential, budget, renew, onOutcome },
  }
}

function tellRequests(budget: RequestBudget, onRequest: OpenInput['onRequest']): RequestBudget {
  if (onRequest === undefined) return budget
  return {
    ...budget,
    take: async (lane) => {
      await budget.take(lane)
      onRequest()
    },
  }
}

function requireUsable(connection: ConnectionRow, evenUnauthorized: boolean, now: Date): void {
  if (connection.state === 'disconnected')
    throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  if (connection.state === 'unauthorized' && !evenUnauthorized)
    throw new AppError(
      'remote_unauthorized',
      connection.state_reason ??
        `${remoteTitles[connection.kind]} does not accept the credential of this connection. Renew it.`,
    )
  const pausedMs = remainingPauseMs(connection.paused_until, now)
  if (pausedMs > 0)
    throw new AppError(
      'remote_rate_limited',
      `${remoteTitles[connection.kind]} asked us to slow down. The work waits and goes on by itself.`,
      { meta: { retry_after_s: Math.ceil(pausedMs / 1000), untried: true } },
    )
}

function createSession(deps: RemoteDeps, key: ConnectionKey, start: { credential: StoredCredential; version: number }) {
  let held = start
  const renew = async (): Promise<boolean> => {
    if (held.credential.kind !== 'oauth') return false
    try {
      held = await renewOAuth(deps, { ...key, seenVersion: held.version })
      return true
    } catch (error) {
      if (!isAppError(error, 'credential_rejected')) throw error
      await markUnauthorized(deps, { ...key, version: held.version }, error.detail)
      throw new AppError('remote_unauthorized', error.detail)
    }
  }
  return {
    renew,
    current: () => held.credential,
    version: () => held.version,
    isEnding: () =>
      held.credential.kind === 'oauth' &&
      Date.parse(held.credential.expiresAt) - deps.clock().getTime() < renewBeforeMs,
  }
}

const retryAfter = z.object({ retry_after_s: z.number(), remote_status: z.number() }).partial()

async function noteFailure(deps: RemoteDeps, key: ConnectionKey & { version: number }, error: AppError): Promise<void> {
  const meta = retryAfter.parse(error.meta ?? {})
  if (error.code === 'remote_unauthorized') await markUnauthorized(deps, key, error.detail)
  // Our own budget throws the same code; only the remote's word is a reason to pause.
  else if (error.code === 'remote_rate_limited' && meta.remote_status === 429)
    await pauseConnection(deps, key, meta.retry_after_s)
  else if (error.code === 'remote_unavailable') {
    await markUnreachable(deps, key, error)
    await countFailure(deps, key)
  }
}
