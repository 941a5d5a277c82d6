import type { BitbucketClient } from '../../bitbucket/client.ts'
import * as bitbucket from '../../bitbucket/readers/hooks.ts'
import type { RequestLane } from '../../domain/request-budget.ts'
import type { JiraClient } from '../../jira/client.ts'
import * as jira from '../../jira/readers/hooks.ts'
import { AppError } from '../../lib/app-error.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'

export type RemoteHook = bitbucket.RemoteHook
export type HookBody = bitbucket.HookBody

/** The webhooks of one place at a remote: a workspace, a repository, a site. Throws as the remote's client does. */
export type RemoteHooks = {
  list: (lane: RequestLane) => Promise<RemoteHook[]>
  create: (lane: RequestLane, body: HookBody) => Promise<RemoteHook>
  update: (lane: RequestLane, change: { id: string; body: HookBody }) => Promise<RemoteHook>
  remove: (lane: RequestLane, id: string) => Promise<void>
}

/** Those of the workspace of a connection, or of one of its repositories (by UUID). */
export function toBitbucketHooks(
  { client, connection }: { client: BitbucketClient; connection: ConnectionRow },
  repositoryUuid: string | null,
): RemoteHooks {
  const workspace = connection.workspace_uuid ?? ''
  const subject: bitbucket.HookSubject =
    repositoryUuid === null
      ? { kind: 'workspace', workspace }
      : { kind: 'repository', workspace, repository: repositoryUuid }
  return {
    list: async (lane) => bitbucket.listHooks(client, { subject, lane }),
    create: async (lane, body) => bitbucket.createHook(client, { subject, lane, body }),
    update: async (lane, { id, body }) => bitbucket.updateHook(client, { subject, lane, uuid: id, body }),
    remove: async (lane, id) => bitbucket.deleteHook(client, { subject, lane, uuid: id }),
  }
}

/** Those that administrators of a site of Jira made. */
export function toJiraHooks(client: JiraClient): RemoteHooks {
  return {
    list: async (lane) => jira.listHooks(client, lane),
    create: async (lane, body) => jira.createHook(client, { lane, body }),
    update: async (lane, { id, body }) => jira.updateHook(client, { lane, id, body }),
    remove: async (lane, id) => jira.deleteHook(client, { lane, id }),
  }
}

/** The same for OAuth and tokens with scopes, which may not speak about them: asking would only use up a login. */
export const closedHooks: RemoteHooks = { list: refuse, create: refuse, update: refuse, remove: refuse }

async function refuse(): Promise<never> {
  throw new AppError('remote_forbidden', 'Webhooks of a whole site need an API token without scopes.')
}
