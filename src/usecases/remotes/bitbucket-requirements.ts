import { listScopeRequirements, type ScopeRequirement } from '../../bitbucket/scopes.ts'
import type { Db } from '../../store/db.ts'
import { findLatestConsumer } from '../../store/remotes/oauth.ts'
import { findUnreachable, oauthCallbackUrl, type RemoteSettings } from './remote-settings.ts'

/** What the Integrate dialog shows: addresses, and the permissions to tick for each way, issue scopes as optional ones. */
export async function getBitbucketRequirements(
  deps: { db: Db; settings: RemoteSettings },
  input: { organizationId: string },
) {
  const consumer = await findLatestConsumer(deps.db, { ...input, kind: 'bitbucket' })
  return {
    api_url: deps.settings.bitbucketApiUrl,
    web_url: deps.settings.bitbucketWebUrl,
    unreachable: findUnreachable(deps.settings, deps.settings.bitbucketApiUrl),
    oauth_callback_url: oauthCallbackUrl(deps.settings, 'bitbucket'),
    api_token_scopes: listScopeRequirements('api_token', true).map(toView),
    oauth_scopes: listScopeRequirements('oauth', true).map(toView),
    oauth_consumer_client_id: consumer?.client_id ?? null,
  }
}

function toView({ scope, needed_for, required }: ScopeRequirement) {
  return { scope, needed_for, required }
}
