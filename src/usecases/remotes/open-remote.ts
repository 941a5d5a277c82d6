import { checkCredential } from '../../bitbucket/check-credential.ts'
import { checkJiraCredential } from '../../jira/check-credential.ts'
import { listSites } from '../../jira/readers/sites.ts'
import { AppError } from '../../lib/app-error.ts'
import { type ConnectionRow, findConnection } from '../../store/remotes/connections.ts'
import { type CheckedColumns, toColumns } from './judge-credential.ts'
import { isAtGateway, toJiraColumns } from './judge-jira-token.ts'
import { type OpenInput, openConnection, openJiraConnection, type RemoteDeps } from './open-connection.ts'
import { refreshRepositories } from './refresh-repositories.ts'
import { closedHooks, type RemoteHooks, toBitbucketHooks, toJiraHooks } from './remote-hooks.ts'

/** A connection of whatever kind, with what its check and its webhooks ask of the remote. */
export type OpenRemote = {
  connection: ConnectionRow
  /** What the credential can do now, as columns. Throws what stops it all. */
  check: () => Promise<CheckedColumns>
  hooksOf: (repositoryUuid: string | null) => RemoteHooks
  /** Brings up to date what is known of the remote besides. */
  refresh: () => Promise<void>
}

/** Opens a connection of either kind. Throws as `openConnection`. */
export async function openRemote(deps: RemoteDeps, input: OpenInput): Promise<OpenRemote> {
  const found = await findConnection(deps.db, input)
  if (found === undefined) throw new AppError('not_found', 'There is no such connection.')
  switch (found.kind) {
    case 'bitbucket':
      return openBitbucket(deps, input)
    case 'jira':
      return openJira(deps, input)
    default:
      return found.kind satisfies never
  }
}

async function openBitbucket(deps: RemoteDeps, input: OpenInput): Promise<OpenRemote> {
  const opened = await openConnection(deps, input)
  const { connection, client } = opened
  const question = { kind: connection.auth_kind, workspace: connection.workspace_uuid }
  return {
    connection,
    check: async () => toColumns(await checkCredential(client, question), question),
    hooksOf: (repositoryUuid) => toBitbucketHooks(opened, repositoryUuid),
    refresh: async () => {
      await refreshRepositories(deps, opened)
    },
  }
}

async function openJira(deps: RemoteDeps, input: OpenInput): Promise<OpenRemote> {
  const { connection, client } = await openJiraConnection(deps, input)
  const isScoped = isAtGateway(connection)
  const { auth_kind, workspace_uuid, scopes_granted: known } = connection
  // Only a login says which scopes for writing it has, and only once.
  const granted = auth_kind === 'oauth' ? { granted: known } : {}
  const check = async (): Promise<CheckedColumns> => {
    if (workspace_uuid !== null) return toJiraColumns(await checkJiraCredential(client, { isScoped, ...granted }))
    await listSites(client, 'person')
    const { scopes_missing, has_issues, is_administrator } = connection
    return { scopes_granted: known, scopes_missing, has_issues, is_administrator, state: 'active', state_reason: null }
  }
  return {
    connection,
    check,
    hooksOf: () => (isScoped ? closedHooks : toJiraHooks(client)),
    refresh: async () => undefined,
  }
}
