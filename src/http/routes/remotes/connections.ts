import * as contract from '../../../../contract/remotes/connections.ts'
import { getSendQueue as getSendQueueRoute } from '../../../../contract/remotes/send-queue.ts'
import { AppError } from '../../../lib/app-error.ts'
import { getBitbucketRequirements } from '../../../usecases/remotes/bitbucket-requirements.ts'
import { checkConnection } from '../../../usecases/remotes/check-connection.ts'
import { getConnectionView, listConnectionViews } from '../../../usecases/remotes/connection-view.ts'
import { createConnection, createJiraConnection } from '../../../usecases/remotes/create-connection.ts'
import { setCredentialExpiry } from '../../../usecases/remotes/credential-expiry.ts'
import { disconnect } from '../../../usecases/remotes/disconnect.ts'
import { finishOAuth } from '../../../usecases/remotes/finish-oauth.ts'
import { getJiraRequirements } from '../../../usecases/remotes/jira-requirements.ts'
import { renewCredential } from '../../../usecases/remotes/renew-credential.ts'
import { startOAuth } from '../../../usecases/remotes/start-oauth.ts'
import { getSendQueue } from '../../../usecases/sync/send-queue.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

export function connectionRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listConnections, async ({ query, principal: { organizationId } }) =>
      listConnectionViews(context, { organizationId, ...query }),
    ),
    bind(contract.getBitbucketRequirements, async ({ principal: { organizationId } }) =>
      getBitbucketRequirements(context, { organizationId }),
    ),
    bind(contract.getJiraRequirements, async ({ principal: { organizationId } }) =>
      getJiraRequirements(context, { organizationId }),
    ),
    bind(contract.getConnection, async ({ params, principal: { organizationId } }) =>
      getConnectionView(context, { organizationId, connectionId: params.id }),
    ),
    bind(getSendQueueRoute, async ({ params, principal: { organizationId } }) =>
      getSendQueue(context, { organizationId, connectionId: params.id }),
    ),
    bind(contract.createConnection, async ({ body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      if (body.kind === 'jira') {
        const { site_url: siteUrl, email, token } = body
        return createJiraConnection(context, { organizationId, actor, siteUrl, email, token })
      }
      const { credential, workspace, api_url: apiUrl, web_url: webUrl } = body
      return createConnection(context, { organizationId, actor, credential, workspace, apiUrl, webUrl })
    }),
    bind(contract.checkConnection, async ({ params, principal: { organizationId } }) =>
      checkConnection(context, { organizationId, connectionId: params.id }),
    ),
    bind(contract.renewCredential, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return renewCredential(context, { organizationId, connectionId: params.id, actor, ...body })
    }),
    bind(contract.setCredentialExpiry, async ({ params, body, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      const expiresAt = body.expires_at === null ? null : new Date(body.expires_at)
      return setCredentialExpiry(context, { organizationId, connectionId: params.id, actor, expiresAt })
    }),
    bind(contract.disconnect, async ({ params, principal, request }) => {
      const { organizationId } = principal
      const actor = toAuditActor(principal, request.ip)
      return disconnect(context, { organizationId, connectionId: params.id, actor })
    }),
    ...oauthRoutes(context),
  ]
}

function oauthRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.startOAuth, async ({ body, principal }) => {
      const { organizationId, memberId } = principal
      const { kind, client_id: clientId, client_secret: clientSecret } = body
      const sessionId = requireSession(principal)
      const hosts = kind === 'bitbucket' ? { apiUrl: body.api_url, webUrl: body.web_url } : {}
      return startOAuth(context, { kind, organizationId, memberId, sessionId, clientId, clientSecret, ...hosts })
    }),
    bind(contract.finishOAuth, async ({ body, principal, request }) => {
      const { organizationId, memberId } = principal
      const { state, code, error, error_description: errorDescription } = body
      const sessionId = requireSession(principal)
      const actor = toAuditActor(principal, request.ip)
      const given = { state, code, error, errorDescription }
      return finishOAuth(context, { organizationId, memberId, sessionId, actor, ...given })
    }),
  ]
}

/** The login at a remote belongs to the browser session that began it (its state is bound to it). */
function requireSession({ sessionId }: Principal): string {
  if (sessionId !== null) return sessionId
  throw new AppError('forbidden', 'This needs a login in the browser; an API token cannot do it.')
}
