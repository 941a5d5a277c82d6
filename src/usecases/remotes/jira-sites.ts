import { uncountedBudget } from '../../domain/request-budget.ts'
import { createJiraClient } from '../../jira/client.ts'
import { listSites, type RemoteSite } from '../../jira/readers/sites.ts'
import { AppError } from '../../lib/app-error.ts'
import { type ConnectionKey, findSealedConnection } from '../../store/remotes/connections.ts'
import type { JudgedCredential } from './judge-credential.ts'
import { gatewayUrl, judgeJiraLogin } from './judge-jira-token.ts'
import { openJiraConnection, type RemoteDeps } from './open-connection.ts'
import type { RemoteAddresses, RemoteSettings } from './remote-settings.ts'
import { openCredential, toJiraCredential } from './stored-credential.ts'

/** The sites that the login of a connection without one may use: until then it speaks to the root of the gateway. */
export async function readJiraSites(deps: RemoteDeps, key: ConnectionKey): Promise<RemoteSite[]> {
  const { client } = await openJiraConnection(deps, key)
  return listSites(client, 'person')
}

/** What the login of a connection may do at a site. Throws as `judgeJiraLogin` does. */
export async function judgeAtSite(
  deps: RemoteDeps & { settings: RemoteSettings },
  key: ConnectionKey,
  site: RemoteSite,
): Promise<{ judged: JudgedCredential; addresses: RemoteAddresses }> {
  const row = await findSealedConnection(deps.db, key)
  const stored = row === undefined ? undefined : openCredential(deps.secretBox, key, row.sealed_credential)
  const credential = stored === undefined ? undefined : toJiraCredential(stored)
  if (credential === undefined) throw new AppError('conflict', 'This connection was disconnected. Connect it again.')
  const { http, clock } = deps
  const apiUrl = gatewayUrl(deps.settings, site.cloudId)
  const client = createJiraClient({ http, clock, apiUrl, credential, budget: uncountedBudget })
  return { judged: await judgeJiraLogin(client, site), addresses: { apiUrl, webUrl: site.webUrl } }
}
