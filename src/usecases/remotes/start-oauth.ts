import type { RemoteKind } from '../../domain/remote-kind.ts'
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
} from '../../store/remotes/oauth.ts'
import { hashSecret } from '../access/secret-hash.ts'
import { pendingSecretContext, refuseMoving } from './oauth-consumer.ts'
import { oauthRemotes } from './oauth-remotes.ts'
import { oauthCallbackUrl, type RemoteAddresses, type RemoteSettings, toRemoteAddresses } from './remote-settings.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; secretBox: SecretBox; settings: RemoteSettings }

export type StartOAuthInput = {
  kind: RemoteKind
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
 * Begins a login at a remote. Throws `validation_failed` when no consumer is given and none is known, and `conflict`
 * when a consumer in use is given for another host.
 */
export async function startOAuth(deps: Deps, input: StartOAuthInput): Promise<{ authorization_url: string }> {
  const state = newSecret(stateBytes)
  const consumer = await deps.db
    .transaction()
    .execute((tx) => begin(deps, tx, { ...input, stateHash: hashSecret(state) }))
  return {
    authorization_url: oauthRemotes[input.kind].authorizationUrl({
      webUrl: consumer.webUrl,
      clientId: consumer.clientId,
      state,
      redirectUri: oauthCallbackUrl(deps.settings, input.kind),
    }),
  }
}

type Begun = StartOAuthInput & { stateHash: string }
type Chosen = { consumerId: string | null; clientId: string; clientSecret: string | null } & RemoteAddresses

async function begin(deps: Deps, tx: Db, input: Begun): Promise<Chosen> {
  const { organizationId } = input
  const chosen = await chooseConsumer(deps, tx, input)
  const { clientSecret, ...rest } = chosen
  const before = new Date(deps.clock().getTime() - stateLivesMs)
  await deleteEndedAuthorizations(tx, { organizationId, before })
  const id = deps.newId()
  // Whether a new secret is right shows only when the login ends: until then no connection may depend on it.
  const sealedClientSecret =
    clientSecret === null ? null : deps.secretBox.seal(clientSecret, pendingSecretContext({ organizationId, id }))
  await insertAuthorization(tx, {
    ...rest,
    organizationId,
    kind: input.kind,
    id,
    sealedClientSecret,
    memberId: input.memberId,
    sessionId: input.sessionId,
    stateHash: input.stateHash,
    expiresAt: new Date(deps.clock().getTime() + stateLivesMs),
  })
  return chosen
}

async function chooseConsumer(deps: Deps, tx: Db, input: StartOAuthInput): Promise<Chosen> {
  const { organizationId, kind, clientId, clientSecret } = input
  const known =
    clientId === undefined
      ? await findLatestConsumer(tx, { organizationId, kind })
      : await findConsumerByClientId(tx, { organizationId, kind, clientId })
  if (clientSecret === undefined) {
    if (known === undefined) throw consumerMissing(kind, clientId === undefined ? 'client_id' : 'client_secret')
    const { id: consumerId, client_id, api_url: apiUrl, web_url: webUrl } = known
    return { consumerId, clientId: client_id, clientSecret: null, apiUrl, webUrl }
  }
  if (clientId === undefined) throw consumerMissing(kind, 'client_id')
  const { jiraApiUrl, jiraLoginUrl } = deps.settings
  const addresses =
    kind === 'jira' ? { apiUrl: jiraApiUrl, webUrl: jiraLoginUrl } : toRemoteAddresses(deps.settings, input)
  await refuseMoving(tx, { organizationId, known, addresses })
  return { consumerId: known?.id ?? null, clientId, clientSecret, ...addresses }
}

const whereConsumersAreMade: Readonly<Record<RemoteKind, string>> = {
  bitbucket:
    'Give the key and the secret of an OAuth consumer of your workspace: in Bitbucket open Workspace settings, OAuth consumers, Add consumer, and enter the callback address shown here.',
  jira: 'Give the client ID and the secret of an OAuth 2.0 app: at developer.atlassian.com open My apps, Create, OAuth 2.0 integration, add the Jira API with the scopes shown here, and enter the callback URL shown here.',
}

function consumerMissing(kind: RemoteKind, field: string): AppError {
  return new AppError('validation_failed', whereConsumersAreMade[kind], {
    meta: { fields: { [field]: ['is needed'] } },
  })
}
