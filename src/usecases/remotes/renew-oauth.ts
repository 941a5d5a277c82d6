import type { OAuthTokens } from '../../bitbucket/oauth.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { createGate } from '../../lib/gate.ts'
import type { HttpClient } from '../../lib/http-client.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import {
  type ConnectionKey,
  lockConnection,
  type SealedConnection,
  updateConnection,
} from '../../store/remotes/connections.ts'
import { findConsumer } from '../../store/remotes/oauth.ts'
import { consumerSecretContext } from './oauth-consumer.ts'
import { oauthRemotes } from './oauth-remotes.ts'
import { openCredential, type StoredCredential, sealCredential } from './stored-credential.ts'

type Deps = { db: Db; http: HttpClient; secretBox: SecretBox; clock: Clock }

/** Whoever waits for the row holds a database connection: with a slow login server all of them would wait, for everybody. */
const renewAlone = createGate(2)

export type CurrentCredential = { credential: StoredCredential; version: number }

/** How a token answer is kept. */
export function toStoredOAuth(tokens: OAuthTokens): StoredCredential {
  return {
    kind: 'oauth',
    accessToken: tokens.accessToken,
    refreshToken: tokens.refreshToken,
    expiresAt: tokens.expiresAt.toISOString(),
  }
}

/**
 * Gets the next access token, unless somebody else did since `seenVersion` was read. Refresh tokens work once, so one
 * caller at a time holds the row while it asks, and the new pair is stored before anybody uses it. Throws
 * `credential_rejected` when the login is over.
 */
export async function renewOAuth(deps: Deps, key: ConnectionKey & { seenVersion: number }): Promise<CurrentCredential> {
  return renewAlone(() => deps.db.transaction().execute((tx) => renewInTransaction(deps, tx, key)))
}

async function renewInTransaction(
  deps: Deps,
  tx: Db,
  key: ConnectionKey & { seenVersion: number },
): Promise<CurrentCredential> {
  const row = await lockConnection(tx, key)
  if (row === undefined) throw new AppError('not_found', 'There is no such connection.')
  const present = openCredential(deps.secretBox, key, row.sealed_credential)
  if (row.credential_version !== key.seenVersion) return { credential: present, version: row.credential_version }
  if (present.kind !== 'oauth' || present.refreshToken === null)
    throw new AppError('credential_rejected', 'The login cannot be renewed by itself. Log in again.')
  const consumer = await readConsumer(deps, tx, row)
  const tokens = await oauthRemotes[row.kind].refreshTokens(deps, { consumer, refreshToken: present.refreshToken })
  const credential = toStoredOAuth({ ...tokens, refreshToken: tokens.refreshToken ?? present.refreshToken })
  const version = row.credential_version + 1
  const sealed = sealCredential(deps.secretBox, key, credential)
  await updateConnection(tx, { ...key, now: deps.clock() }, { sealed_credential: sealed, credential_version: version })
  return { credential, version }
}

async function readConsumer(deps: Deps, tx: Db, row: SealedConnection) {
  const id = row.oauth_consumer_id
  const found = id === null ? undefined : await findConsumer(tx, { organizationId: row.organization_id, id })
  if (found === undefined) throw new AppError('credential_rejected', 'The OAuth consumer is gone. Log in again.')
  const context = consumerSecretContext({ organizationId: row.organization_id, id: found.id })
  return {
    clientId: found.client_id,
    clientSecret: deps.secretBox.open(found.sealed_client_secret, context),
    webUrl: found.web_url,
  }
}
