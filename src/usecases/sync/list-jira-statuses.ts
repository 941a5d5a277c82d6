import type { RemoteState } from '../../../contract/sync/remote-states.ts'
import { listStatuses } from '../../jira/readers/project-statuses.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import type { SyncDeps } from './sync-deps.ts'

type Asked = ConnectionKey & { project: string; issueType: string }

/** Throws `not_found` for a connection or a project that is not seen, `conflict` (no connection with Jira), remote_*. */
export async function listJiraStatuses(
  deps: Pick<SyncDeps, 'connectJira'>,
  { project, issueType, ...key }: Asked,
): Promise<{ items: RemoteState[] }> {
  const { client } = await deps.connectJira(key)
  try {
    const states = await listStatuses(client, { project, issueType, lane: 'person' })
    return { items: states.map(({ name, state }) => ({ name, is_closed: state === 'closed' })) }
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    throw new AppError('not_found', 'Jira shows no such project to this account.', { cause: error })
  }
}
