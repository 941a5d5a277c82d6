import type { RemoteKind } from '../../domain/remote-kind.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { SecretBox } from '../../lib/secret-box.ts'
import type { Db } from '../../store/db.ts'
import {
  findConsumer,
  findConsumerByClientId,
  isConsumerInUse,
  lockClientId,
  type OAuthAuthorizationRow,
  type OAuthConsumerRow,
  saveConsumer,
} from '../../store/remotes/oauth.ts'
import type { RemoteAddresses } from './remote-settings.ts'

/** The consumer a login uses. `isNew`: the login brought its secret, and nobody knows yet whether it is right. */
export type LoginConsumer = {
  kind: RemoteKind
  clientId: string
  clientSecret: string
  isNew: boolean
} & RemoteAddresses

type Key = { organizationId: string; id: string }

export function consumerSecretContext(key: Key): string {
  return `oauth_consumer.sealed_client_secret ${key.organizationId}/${key.id}`
}

export function pendingSecretContext(key: Key): string {
  return `oauth_authorization.sealed_client_secret ${key.organizationId}/${key.id}`
}

/** The consumer a login was begun with; undefined when it is gone by now. */
export async function readLoginConsumer(
  { db, secretBox }: { db: Db; secretBox: SecretBox },
  login: OAuthAuthorizationRow,
): Promise<LoginConsumer | undefined> {
  const organizationId = login.organization_id
  const { kind, client_id: clientId, api_url: apiUrl, web_url: webUrl } = login
  if (login.sealed_client_secret !== null) {
    const context = pendingSecretContext({ organizationId, id: login.id })
    const clientSecret = secretBox.open(login.sealed_client_secret, context)
    return { kind, clientId, apiUrl, webUrl, clientSecret, isNew: true }
  }
  const id = login.oauth_consumer_id
  const known = id === null ? undefined : await findConsumer(db, { organizationId, id })
  if (known === undefined) return undefined
  const context = consumerSecretContext({ organizationId, id: known.id })
  const clientSecret = secretBox.open(known.sealed_client_secret, context)
  return { kind, clientId, apiUrl: known.api_url, webUrl: known.web_url, clientSecret, isNew: false }
}

/** Keeps a consumer that just let somebody in; answers its id. Throws `conflict` as `refuseMoving` does. */
export async function keepConsumer(
  deps: { clock: Clock; newId: NewId; secretBox: SecretBox },
  tx: Db,
  { organizationId, consumer }: { organizationId: string; consumer: LoginConsumer },
): Promise<string> {
  const { kind, clientId, clientSecret, isNew, ...addresses } = consumer
  // Two first logins with the same new consumer: the second finds what the first has kept.
  await lockClientId(tx, { organizationId, clientId })
  const known = await findConsumerByClientId(tx, { organizationId, kind, clientId })
  if (known !== undefined && !isNew) return known.id
  await refuseMoving(tx, { organizationId, known, addresses })
  const id = known?.id ?? deps.newId()
  const sealedClientSecret = deps.secretBox.seal(clientSecret, consumerSecretContext({ organizationId, id }))
  await saveConsumer(tx, { organizationId, kind, id, clientId, sealedClientSecret, ...addresses, now: deps.clock() })
  return id
}

/** Connections send their refresh tokens to the address of their consumer: it must not move under them. Throws `conflict`. */
export async function refuseMoving(
  tx: Db,
  input: { organizationId: string; known: OAuthConsumerRow | undefined; addresses: RemoteAddresses },
): Promise<void> {
  const { organizationId, known, addresses } = input
  if (known === undefined || (known.api_url === addresses.apiUrl && known.web_url === addresses.webUrl)) return
  if (!(await isConsumerInUse(tx, { organizationId, id: known.id }))) return
  throw new AppError(
    'conflict',
    `A connection uses this consumer at ${known.web_url}. Give the key of a consumer of the other host, or disconnect first.`,
  )
}
