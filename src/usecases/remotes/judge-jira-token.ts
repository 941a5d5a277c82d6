import { uncountedBudget } from '../../domain/request-budget.ts'
import { checkJiraCredential, type JiraCheck } from '../../jira/check-credential.ts'
import { createJiraClient, type JiraClient } from '../../jira/client.ts'
import type { JiraCredential } from '../../jira/credential.ts'
import { describeMissing, hookPermission, jiraPermissions, jiraScopes } from '../../jira/permissions.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { HttpClient } from '../../lib/http-client.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import { restingState } from './connection-state.ts'
import type { CheckedColumns, JudgedCredential } from './judge-credential.ts'
import type { RemoteSettings } from './remote-settings.ts'

type Deps = { http: HttpClient; clock: Clock; settings: RemoteSettings }

/** A site of Jira Cloud: its cloud id never changes, its host may. */
export type JiraSite = { cloudId: string; webUrl: string; name: string }

/** A token that was tried, with the address it works at. */
export type JudgedToken = {
  apiUrl: string
  credential: JiraCredential & { kind: 'api_token' }
  judged: JudgedCredential
}

const scopeNames = jiraScopes.map((one) => one.scope)

/** Where OAuth and API tokens with scopes speak to a site. */
export function gatewayUrl(settings: Pick<RemoteSettings, 'jiraApiUrl'>, cloudId: string): string {
  return `${settings.jiraApiUrl}/ex/jira/${encodeURIComponent(cloudId)}`
}

/**
 * Tries an e-mail address with an API token: at the site, and where the site does not take it at the gateway, since nobody
 * can see from a token whether it has scopes. Throws `credential_rejected`, `scope_missing` or what the remote failed with.
 */
export async function judgeJiraToken(
  deps: Deps,
  input: { site: JiraSite; email: string; token: string },
): Promise<JudgedToken> {
  const { site, email, token } = input
  const credential = { kind: 'api_token', email, token } as const
  const judgeAt = async (apiUrl: string) => {
    const client = createJiraClient({ ...deps, apiUrl, credential, budget: uncountedBudget })
    const check = await checkJiraCredential(client, { isScoped: apiUrl !== site.webUrl })
    return { apiUrl, credential, judged: judge(site, check) }
  }
  try {
    return await judgeAt(site.webUrl).catch(async (error: unknown) => {
      if (!isAppError(error, 'remote_unauthorized')) throw error
      return judgeAt(gatewayUrl(deps.settings, site.cloudId))
    })
  } catch (error) {
    throw toFormError(error)
  }
}

/** Tries a login at a site it may use. Throws `remote_forbidden` for an account that sees nothing there. */
export async function judgeJiraLogin(
  client: JiraClient,
  { scopes, ...site }: JiraSite & { scopes: readonly string[] },
): Promise<JudgedCredential> {
  return judge(site, await checkJiraCredential(client, { isScoped: true, granted: scopes }))
}

/** OAuth and tokens with scopes speak to the gateway, and only they. */
export function isAtGateway(row: Pick<ConnectionRow, 'api_url' | 'web_url'>): boolean {
  return row.api_url !== row.web_url
}

function judge(site: JiraSite, check: JiraCheck): JudgedCredential {
  const refused = jiraPermissions.filter((one) => one.required && check.missing.includes(one.permission))
  if (refused.length > 0)
    throw new AppError('remote_forbidden', describeMissing(refused.map((one) => one.permission)).join(' '))
  return {
    check: {
      account: check.account,
      workspace: { uuid: site.cloudId, slug: new URL(site.webUrl).host, name: site.name },
    },
    columns: toJiraColumns(check),
  }
}

/** What a check found, as columns of the connection. */
export function toJiraColumns(check: JiraCheck): CheckedColumns {
  return {
    scopes_granted: check.granted,
    scopes_missing: check.missing,
    ...restingState({ kind: 'jira', missing: check.missing }),
    has_issues: false,
    is_administrator: check.granted.includes(hookPermission),
  }
}

function toFormError(error: unknown): unknown {
  if (isAppError(error, 'scope_missing'))
    return new AppError(
      'scope_missing',
      `This API token has scopes, but not all that are needed: ${scopeNames.join(', ')}. Make a new one with these ticked; the scopes of an existing one cannot be changed.`,
      { meta: { missing: scopeNames } },
    )
  if (!isAppError(error, 'remote_unauthorized')) return error
  return new AppError(
    'credential_rejected',
    'Jira does not accept this e-mail address with this API token. Use the address you log in to Atlassian with, a token of the same account that has not expired, and an account that may use this site.',
  )
}
