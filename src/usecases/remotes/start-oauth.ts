import { authorizationUrl } from '../../bitbucket/oauth.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import { type NewId, newSecret } from '../../lib/ids.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import {
  deleteEndedAuthorizations,
  findConsumerByClientId,
  findLatestConsumer,
  insertAuthorization,
  isConsumerInUse,
  saveConsumer,
} from '../../store/remotes/oauth.ts'
import { hashSecret } from '../access/secret-hash.ts'
import { oauthCallbackUrl, type RemoteAddresses, type RemoteSettings, toRemoteAddresses } from './remote-settings.ts'
import { consumerSecretContext } from './renew-oauth.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; secretBox: SecretBox; settings: RemoteSettings }

export type StartOAuthInput = {
  organizationId: string
  memberId: string
  /** The login is bound to it: another browser cannot finish it. */
  sessionId: string
  clientId?: string | undefined
  clientSecret?: string | undefined
  apiUrl?: string | undefined
  webUrl?: string | undefined
}

const stateBytes = 32
const stateLivesMs = 10 * 60_000

/**
 * Begins a login at Bitbucket. Throws `validation_failed` when no consumer is given and none is known, and `conflict`
 * when a consumer in use is given for another host.
 */
export async function startOAuth(deps: Deps, input: StartOAuthInput): Promise<{ authorization_url: string }> {
  const state = newSecret(stateBytes)
  const consumer = await deps.db
    .transaction()
    .execute((tx) => begin(deps, tx, { ...input, stateHash: hashSecret(state) }))
  return {
    authorization_url: authorizationUrl({
      webUrl: consumer.webUrl,
      clientId: consumer.clientId,
      state,
      redirectUri: oauthCallbackUrl(deps.settings),
    }),
  }
}

type Consumer = { id: string; clientId: string } & RemoteAddresses

async function begin(deps: Deps, tx: Db, input: StartOAuthInput & { stateHash: string }): Promise<Consumer> {
  const consumer = await ensureConsumer(deps, tx, input)
  const before = new Date(deps.clock().getTime() - stateLivesMs)
  await deleteEndedAuthorizations(tx, { organizationId: input.organizationId, before })
  await insertAuthorization(tx, {
    organizationId: input.organizationId,
    id: deps.newId(),
    consumerId: consumer.id,
    memberId: input.memberId,
    sessionId: input.sessionId,
    stateHash: input.stateHash,
    expiresAt: new Date(deps.clock().getTime() + stateLivesMs),
  })
  return consumer
}

async function ensureConsumer(deps: Deps, tx: Db, input: StartOAuthInput): Promise<Consumer> {
  const { organizationId, clientId, clientSecret } = input
  const known =
    clientId === undefined
      ? await findLatestConsumer(tx, { organizationId })
      : await findConsumerByClientId(tx, { organizationId, clientId })
  if (clientSecret === undefined) {
    if (known === undefined) throw consumerMissing(clientId === undefined ? 'client_id' : 'client_secret')
    return { id: known.id, clientId: known.client_id, apiUrl: known.api_url, webUrl: known.web_url }
  }
  if (clientId === undefined) throw consumerMissing('client_id')
  const addresses = toRemoteAddresses(deps.settings, input)
  // Connections send their refresh tokens to the address of their consumer: it must not move under them.
  const isMoving = known !== undefined && !isSameHost(known, addresses)
  if (isMoving && (await isConsumerInUse(tx, { organizationId, id: known.id }))) throw consumerElsewhere(known.web_url)
  const id = known?.id ?? deps.newId()
  const sealedClientSecret = deps.secretBox.seal(clientSecret, consumerSecretContext({ organizationId, id }))
  await saveConsumer(tx, { organizationId, id, clientId, sealedClientSecret, ...addresses, now: deps.clock() })
  return { id, clientId, ...addresses }
}

function isSameHost(known: { api_url: string; web_url: string }, given: RemoteAddresses): boolean {
  return known.api_url === given.apiUrl && known.web_url === given.webUrl
}

function consumerElsewhere(webUrl: string): AppError {
  return new AppError(
    'conflict',
    `A connection uses this consumer at ${webUrl}. Give the key of a consumer of the other host, or disconnect first.`,
  )
}

function consumerMissing(field: string): AppError {
  return new AppError(
    'validation_failed',
    'Give the key and the secret of an OAuth consumer of your workspace: in Bitbucket open Workspace settings, OAuth consumers, Add consumer, and enter the callback address shown here.',
    { meta: { fields: { [field]: ['is needed'] } } },
  )
}
