import { uncountedBudget } from '../../domain/request-budget.ts'
import { createJiraClient, type JiraClient } from '../../jira/client.ts'
import { readOwnAccount } from '../../jira/readers/account.ts'
import { listSites, type RemoteSite } from '../../jira/readers/sites.ts'
import { AppError } from '../../lib/app-error.ts'
import { findJiraLoginToMend } from '../../store/remotes/connections.ts'
import type { JudgedCredential } from './judge-credential.ts'
import { gatewayUrl, judgeJiraLogin } from './judge-jira-token.ts'
import type { RemoteDeps } from './open-connection.ts'
import type { RemoteAddresses, RemoteSettings } from './remote-settings.ts'

type Deps = RemoteDeps & { settings: RemoteSettings }

/** What a login at Jira leads to. Without a site among several: it is chosen on the connection's page. */
export type JiraLogin = { addresses: RemoteAddresses; judged: JudgedCredential; takeUp?: string }

/**
 * Finds the site of a login: that of a connection it mends, or the only one it may use. Throws `credential_rejected` for an
 * account without any, and as `judgeJiraLogin` does.
 */
export async function connectJiraLogin(
  deps: Deps,
  input: { organizationId: string; consumer: RemoteAddresses; accessToken: string },
): Promise<JiraLogin> {
  const { organizationId, consumer, accessToken } = input
  const sites = await listSites(clientAt(deps, { apiUrl: consumer.apiUrl, accessToken }), 'person')
  const [first, ...others] = sites
  if (first === undefined) throw noSite()
  const cloudIds = sites.map((site) => site.cloudId)
  const earlier = await findJiraLoginToMend(deps.db, { organizationId, cloudIds })
  // With several sites a login may as well be for another one than that which lacks something.
  const isMeant = earlier !== undefined && (earlier.state !== 'limited' || others.length === 0)
  const mended = isMeant ? sites.find((site) => site.cloudId === earlier.workspace_uuid) : undefined
  const site = mended ?? (others.length === 0 ? first : undefined)
  if (site === undefined) return withoutSite(deps, { consumer, accessToken, first })
  const apiUrl = gatewayUrl(deps.settings, site.cloudId)
  const judged = await judgeJiraLogin(clientAt(deps, { apiUrl, accessToken }), site)
  const takeUp = mended === undefined || earlier === undefined ? {} : { takeUp: earlier.id }
  return { addresses: { apiUrl, webUrl: site.webUrl }, judged, ...takeUp }
}

async function withoutSite(
  deps: Deps,
  { consumer, accessToken, first }: { consumer: RemoteAddresses; accessToken: string; first: RemoteSite },
): Promise<JiraLogin> {
  // An account is the same on all sites.
  const client = clientAt(deps, { apiUrl: gatewayUrl(deps.settings, first.cloudId), accessToken })
  const account = await readOwnAccount(client, 'person')
  return {
    addresses: consumer,
    judged: {
      check: { account, workspace: null },
      columns: {
        scopes_granted: [],
        scopes_missing: [],
        state: 'active',
        state_reason: null,
        has_issues: false,
        is_administrator: false,
      },
    },
  }
}

function clientAt(deps: Deps, { apiUrl, accessToken }: { apiUrl: string; accessToken: string }): JiraClient {
  const credential = { kind: 'oauth', accessToken } as const
  return createJiraClient({ http: deps.http, clock: deps.clock, apiUrl, credential, budget: uncountedBudget })
}

function noSite(): AppError {
  return new AppError(
    'credential_rejected',
    'The account that logged in may use no site with Jira. Log in as another one, and choose a site where Atlassian asks for it.',
  )
}
