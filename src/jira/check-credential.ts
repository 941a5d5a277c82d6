import type { JiraClient } from './client.ts'
import { hookPermission, jiraPermissions, jiraScopes } from './permissions.ts'
import { type JiraAccount, readOwnAccount } from './readers/account.ts'
import { readPermissions } from './readers/permissions.ts'

/** What a credential can do in Jira, by permissions of the account and scopes of the token. */
export type JiraCheck = { account: JiraAccount; granted: string[]; missing: string[] }

const lane = 'person'

/**
 * Tries what the connection will do, reading only. `granted`: the scopes of a login, where they are known. Throws what stops
 * it all; missing permissions are in the answer.
 */
export async function checkJiraCredential(
  client: JiraClient,
  { isScoped, granted }: { isScoped: boolean; granted?: readonly string[] | undefined },
): Promise<JiraCheck> {
  const account = await readOwnAccount(client, lane)
  const asked = [...jiraPermissions.map((one) => one.permission), hookPermission]
  const has = await readPermissions(client, { asked, lane })
  const needed = isScoped ? jiraScopes.map((one) => one.scope) : []
  // Both answers were within the scopes for reading; of those for writing only a login says.
  const known = granted ?? needed.filter((scope) => scope.startsWith('read:'))
  const lacking = granted === undefined ? [] : needed.filter((scope) => !granted.includes(scope))
  return {
    account,
    granted: [...needed.filter((scope) => known.includes(scope)), ...asked.filter((one) => has.has(one))],
    missing: [...lacking, ...asked.filter((one) => !has.has(one))],
  }
}
