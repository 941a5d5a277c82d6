import { uncountedBudget } from '../../bitbucket/budget.ts'
import { createBitbucketClient } from '../../bitbucket/client.ts'
import { type BitbucketCredential, toBasicCredential } from '../../bitbucket/credential.ts'
import type { AuditActor } from '../access/audit.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { judgeCredential } from './judge-credential.ts'
import { toRemoteAddresses } from './remote-settings.ts'
import { type ConnectDeps, saveConnection } from './save-connection.ts'

export type GivenCredential =
  /** The three-field form: e-mail and API token, or user name and app password where a host still accepts one. */
  { kind: 'basic'; username: string; secret: string } | { kind: 'access_token'; token: string }

export type CreateConnectionInput = {
  organizationId: string
  actor: AuditActor
  credential: GivenCredential
  /** Slug or UUID. */
  workspace: string
  apiUrl?: string | undefined
  webUrl?: string | undefined
}

/** Connects a workspace with a credential that is checked first. Throws as `judgeCredential` and `saveConnection` do. */
export async function createConnection(deps: ConnectDeps, input: CreateConnectionInput): Promise<ConnectionView> {
  const addresses = toRemoteAddresses(deps.settings, input)
  const credential = toCredential(input.credential)
  const client = createBitbucketClient({ ...deps, apiUrl: addresses.apiUrl, credential, budget: uncountedBudget })
  const judged = await judgeCredential(client, {
    kind: credential.kind,
    workspace: input.workspace,
    secret: input.credential.kind === 'basic' ? input.credential.secret : input.credential.token,
  })
  const key = await saveConnection(deps, {
    organizationId: input.organizationId,
    actor: input.actor,
    addresses,
    authKind: credential.kind,
    credential,
    oauthConsumerId: null,
    judged,
  })
  return getConnectionView(deps, key)
}

function toCredential(given: GivenCredential): Exclude<BitbucketCredential, { kind: 'oauth' }> {
  return given.kind === 'access_token'
    ? { kind: 'access_token', token: given.token }
    : toBasicCredential(given.username, given.secret)
}
