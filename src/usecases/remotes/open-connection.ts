import * as z from 'zod'
import { type BitbucketClient, createBitbucketClient } from '../../bitbucket/client.ts'
import type { BitbucketCredential } from '../../bitbucket/credential.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { HttpClient } from '../../lib/http-client.ts'
import type { Log } from '../../lib/log.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, type ConnectionRow, findSealedConnection } from '../../store/remotes/connections.ts'
import { remainingPauseMs } from '../../store/remotes/pause.ts'
import { markReachable, markUnauthorized, markUnreachable, pauseConnection } from './connection-state.ts'
import { renewOAuth } from './renew-oauth.ts'
import type { RequestBudgets } from './request-budgets.ts'
import { openCredential, type StoredCredential, toBitbucketCredential } from './stored-credential.ts'

/** What everything needs that speaks with Bitbucket for a connection. */
export type RemoteDeps = {
  db: Db
  http: HttpClient
  secretBox: SecretBox
  clock: Clock
  log: Log
  budgets: RequestBudgets
}

export type OpenConnection = { connection: ConnectionRow; client: BitbucketClient }

/** A token that ends sooner than this is renewed before it is used. */
const renewBeforeMs = 60_000

/**
 * A client for a connection, with its credential unsealed and fresh, its requests counted, and its state kept: 401
 * makes it `unauthorized`, 429 pauses it. Throws `not_found`, `conflict` (disconnected), `remote_unauthorized` or
 * `remote_rate_limited` (with `retry_after_s`) while it may not be used; the caller's work waits then.
 */
export async function openConnection(
  deps: RemoteDeps,
  input: ConnectionKey & { evenUnauthorized?: boolean },
): Promise<OpenConnection> {
  const key = { organizationId: input.organizationId, connectionId: input.connectionId }
  const row = await findSealedConnection(deps.db, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  const { sealed_credential: sealed, ...connection } = row
  requireUsable(connection, input.evenUnauthorized === true, deps.clock())
  const session = createSession(deps, key, {
    credential: openCredential(deps.secretBox, key, sealed),
    version: row.credential_version,
  })
  if (session.isEnding()) await session.renew()
  const credential = session.current()
  if (credential === undefined) throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  let isNoted = connection.state !== 'unreachable' && connection.pause_seconds === 0
  const client = createBitbucketClient({
    ...deps,
    apiUrl: row.api_url,
    credential,
    budget: deps.budgets.of(key),
    renew: session.renew,
    onOutcome: async (outcome) => {
      if (outcome.kind === 'failed') return noteFailure(deps, { ...key, version: session.version() }, outcome.error)
      if (isNoted) return
      isNoted = true
      await markReachable(deps, connection)
    },
  })
  return { connection, client }
}

function requireUsable(connection: ConnectionRow, evenUnauthorized: boolean, now: Date): void {
  if (connection.state === 'disconnected')
    throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  if (connection.state === 'unauthorized' && !evenUnauthorized)
    throw new AppError(
      'remote_unauthorized',
      connection.state_reason ?? 'Bitbucket does not accept the credential of this connection. Renew it.',
    )
  const pausedMs = remainingPauseMs(connection.paused_until, now)
  if (pausedMs > 0)
    throw new AppError(
      'remote_rate_limited',
      'Bitbucket asked us to slow down. The work waits and goes on by itself.',
      { meta: { retry_after_s: Math.ceil(pausedMs / 1000) } },
    )
}

function createSession(deps: RemoteDeps, key: ConnectionKey, start: { credential: StoredCredential; version: number }) {
  let held = start
  const renew = async (): Promise<BitbucketCredential | undefined> => {
    if (held.credential.kind !== 'oauth') return undefined
    try {
      held = await renewOAuth(deps, { ...key, seenVersion: held.version })
      return toBitbucketCredential(held.credential)
    } catch (error) {
      if (!isAppError(error, 'credential_rejected')) throw error
      await markUnauthorized(deps, { ...key, version: held.version }, error.detail)
      throw new AppError('remote_unauthorized', error.detail)
    }
  }
  return {
    renew,
    current: () => toBitbucketCredential(held.credential),
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
  else if (error.code === 'remote_unavailable') await markUnreachable(deps, key, error)
}
