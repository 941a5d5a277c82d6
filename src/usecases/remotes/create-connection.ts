import { createBitbucketClient } from '../../bitbucket/client.ts'
import { type BitbucketCredential, toBasicCredential } from '../../bitbucket/credential.ts'
import { uncountedBudget } from '../../domain/request-budget.ts'
import type { AuditActor } from '../access/audit.ts'
import { type ConnectionView, getConnectionView } from './connection-view.ts'
import { ensureSiteWebhook } from './ensure-site-webhook.ts'
import { findJiraSite } from './find-jira-site.ts'
import { judgeCredential } from './judge-credential.ts'
import { judgeJiraToken } from './judge-jira-token.ts'
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

export type CreateJiraInput = {
  organizationId: string
  actor: AuditActor
  /** As people copy it from their browser. */
  siteUrl: string
  email: string
  token: string
}

/**
 * Connects a site of Jira by e-mail and API token, checked first, and makes its webhook as far as the account may. Throws
 * as `findJiraSite`, `judgeJiraToken` and `saveConnection` do.
 */
export async function createJiraConnection(deps: ConnectDeps, input: CreateJiraInput): Promise<ConnectionView> {
  const { organizationId, actor, email, token } = input
  const site = await findJiraSite(deps, input.siteUrl)
  const { apiUrl, credential, judged } = await judgeJiraToken(deps, { site, email, token })
  const key = await saveConnection(deps, {
    organizationId,
    actor,
    kind: 'jira',
    addresses: { apiUrl, webUrl: site.webUrl },
    authKind: 'api_token',
    credential,
    oauthConsumerId: null,
    judged,
  })
  await ensureSiteWebhook(deps, key)
  return getConnectionView(deps, key)
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
    kind: 'bitbucket',
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
