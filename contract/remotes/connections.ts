import * as z from 'zod'
import { remoteKinds } from '../../src/domain/remote-kind.ts'
import { id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const remoteUrl = z.url({ protocol: /^https?$/ }).max(500)

const secretText = z.string().trim().min(1).max(4000)

export const scopeCheck = z.object({
  scope: z.string(),
  needed_for: z.string(),
  state: z.enum(['granted', 'missing', 'unknown']),
})

export const connection = z.object({
  id,
  kind: z.enum(remoteKinds),
  auth_kind: z.enum(['oauth', 'api_token', 'access_token', 'app_password']),
  name: z.string(),
  web_url: z.string(),
  workspace: z.object({ uuid: z.string(), slug: z.string(), name: z.string() }).nullable(),
  remote_account_name: z.string().nullable(),
  scopes: z.array(scopeCheck),
  state: z.enum(['active', 'limited', 'unauthorized', 'unreachable', 'disconnected']),
  /** A sentence that says what is wrong and what to do. */
  state_reason: z.string().nullable(),
  paused_until: timestamp.nullable(),
  expires_at: timestamp.nullable(),
  checked_at: timestamp.nullable(),
  repositories: z.number().int(),
  assets: z.number().int(),
  webhooks_ok: z.number().int(),
  webhooks_total: z.number().int(),
  operations_waiting: z.number().int(),
  /** What failed for good and waits for a person, out and in. */
  operations_failed: z.number().int(),
  deliveries_failed: z.number().int(),
  /** The remote failed so often in a row that nothing is tried but a probe now and then; what is queued waits. */
  /** The host has withdrawn its issue tracker, and so many live items and routes still lead there. */
  withdrawn: z.object({ at: timestamp, items: z.number().int(), routes: z.number().int() }).nullable(),
  outage: z.object({ since: timestamp, failures: z.number().int(), next_probe_at: timestamp }).nullable(),
  created_at: timestamp,
})

export type Connection = z.infer<typeof connection>

export const listConnections = defineRoute({
  id: 'listConnections',
  method: 'GET',
  path: '/api/v1/connections',
  summary: 'Connections of the organization',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(connection),
})

export const getConnection = defineRoute({
  id: 'getConnection',
  method: 'GET',
  path: '/api/v1/connections/:id',
  summary: 'One connection',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: connection,
})

/** What the Integrate dialog shows before anything is typed: the scopes to tick for each way of connecting. */
export const getBitbucketRequirements = defineRoute({
  id: 'getBitbucketRequirements',
  method: 'GET',
  path: '/api/v1/connections/bitbucket/requirements',
  summary: 'Scopes and addresses needed to connect Bitbucket',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  response: z.object({
    api_url: z.string(),
    web_url: z.string(),
    oauth_callback_url: z.string(),
    /** Why webhooks of Bitbucket cannot arrive at the address of this Weir. */
    unreachable: z.string().nullable(),
    /** Scope names by way of connecting, each with the reason it is asked for. */
    api_token_scopes: z.array(z.object({ scope: z.string(), needed_for: z.string(), required: z.boolean() })),
    oauth_scopes: z.array(z.object({ scope: z.string(), needed_for: z.string(), required: z.boolean() })),
    oauth_consumer_client_id: z.string().nullable(),
  }),
})

/** What the dialog of Jira shows before anything is typed. */
export const getJiraRequirements = defineRoute({
  id: 'getJiraRequirements',
  method: 'GET',
  path: '/api/v1/connections/jira/requirements',
  summary: 'Permissions, scopes and addresses needed to connect Jira',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  response: z.object({
    /** Why webhooks of Jira cannot arrive at the address of this Weir. */
    unreachable: z.string().nullable(),
    oauth_callback_url: z.string(),
    /** Of the OAuth app that was used last. */
    oauth_client_id: z.string().nullable(),
    /** For OAuth and API tokens with scopes. */
    scopes: z.array(z.object({ scope: z.string(), needed_for: z.string(), required: z.boolean() })),
    /** What the account has to be allowed in the projects. */
    permissions: z.array(z.object({ permission: z.string(), needed_for: z.string() })),
  }),
})

const bitbucketBody = z.strictObject({
  kind: z.literal('bitbucket'),
  /** `basic`: the three-field form (e-mail, or a user name with an app password); `access_token`: bearer only. */
  credential: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('basic'), username: z.string().trim().min(1).max(254), secret: secretText }),
    z.strictObject({ kind: z.literal('access_token'), token: secretText }),
  ]),
  /** Slug or UUID. */
  workspace: z.string().trim().min(1).max(200),
  api_url: remoteUrl.optional(),
  web_url: remoteUrl.optional(),
})

const jiraBody = z.strictObject({
  kind: z.literal('jira'),
  /** As in the browser: `https://example.atlassian.net`. */
  site_url: z.string().trim().min(1).max(500),
  email: z.string().trim().min(1).max(254),
  token: secretText,
})

export const createConnection = defineRoute({
  id: 'createConnection',
  method: 'POST',
  path: '/api/v1/connections',
  summary:
    'Connect Bitbucket or Jira by e-mail and API token, or by an access token; the credential is checked at once',
  tag: 'Integrations',
  access: 'connection.write',
  status: 201,
  body: z.discriminatedUnion('kind', [bitbucketBody, jiraBody]),
  response: connection,
})
/** Left out when the organization's consumer (in Jira: its app) is known already. */
const consumer = {
  client_id: z.string().trim().min(1).max(200).optional(),
  client_secret: secretText.optional(),
}

export const startOAuth = defineRoute({
  id: 'startOAuth',
  method: 'POST',
  path: '/api/v1/connections/oauth',
  summary: 'Begin the OAuth login at Bitbucket or Jira; send the browser to the answered address',
  tag: 'Integrations',
  access: 'connection.write',
  status: 201,
  body: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('bitbucket'),
      ...consumer,
      api_url: remoteUrl.optional(),
      web_url: remoteUrl.optional(),
    }),
    z.strictObject({ kind: z.literal('jira'), ...consumer }),
  ]),
  response: z.object({ authorization_url: z.string() }),
})

export const finishOAuth = defineRoute({
  id: 'finishOAuth',
  method: 'POST',
  path: '/api/v1/connections/oauth/callback',
  summary: 'Finish the OAuth login with what the remote sent back',
  tag: 'Integrations',
  access: 'connection.write',
  status: 201,
  body: z.strictObject({
    state: z.string().min(1).max(500),
    code: z.string().max(2000).optional(),
    error: z.string().max(200).optional(),
    error_description: z.string().max(1000).optional(),
  }),
  response: connection,
})

export const checkConnection = defineRoute({
  id: 'checkConnection',
  method: 'POST',
  path: '/api/v1/connections/:id/check',
  summary: 'Check the credential, its scopes and the webhooks now, and compare both sides in the background',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: connection,
})

export const renewCredential = defineRoute({
  id: 'renewCredential',
  method: 'POST',
  path: '/api/v1/connections/:id/renew',
  summary: 'Replace the credential of a connection; waiting work goes on',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ username: z.string().trim().max(254).optional(), secret: secretText }),
  response: connection,
})

export const disconnect = defineRoute({
  id: 'disconnect',
  method: 'POST',
  path: '/api/v1/connections/:id/disconnect',
  summary: 'Remove our webhooks and forget the credential; assets and vulnerabilities stay',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: connection,
})

export const setCredentialExpiry = defineRoute({
  id: 'setCredentialExpiry',
  method: 'PUT',
  path: '/api/v1/connections/:id/expiry',
  summary: 'Say until when a token is good; administrators are told 30, 7 and 1 days before',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ expires_at: timestamp.nullable() }),
  response: connection,
})
