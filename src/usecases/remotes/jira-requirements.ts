import { jiraPermissions, jiraScopes } from '../../jira/permissions.ts'
import type { Db } from '../../store/db.ts'
import { findLatestConsumer } from '../../store/remotes/oauth.ts'
import { findUnreachable, oauthCallbackUrl, type RemoteSettings } from './remote-settings.ts'

/** What the dialog of Jira shows: the permissions of the account, and the scopes of a token that has some. */
export async function getJiraRequirements(
  { db, settings }: { db: Db; settings: RemoteSettings },
  { organizationId }: { organizationId: string },
) {
  const app = await findLatestConsumer(db, { organizationId, kind: 'jira' })
  return {
    oauth_callback_url: oauthCallbackUrl(settings, 'jira'),
    oauth_client_id: app?.client_id ?? null,
    unreachable: findUnreachable(settings, settings.jiraApiUrl, 'jira'),
    scopes: jiraScopes.map(({ scope, neededFor }) => ({ scope, needed_for: neededFor, required: true })),
    permissions: jiraPermissions.map(({ permission, neededFor }) => ({ permission, needed_for: neededFor })),
  }
}
