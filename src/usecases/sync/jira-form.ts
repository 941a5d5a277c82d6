import type { JiraField } from '../../../contract/sync/jira-form.ts'
import {
  findAssignable,
  findProjects,
  listCreateFields,
  listIssueTypes,
  type Named,
  type NamedProject,
} from '../../jira/readers/create-form.ts'
import { AppError, isAppError } from '../../lib/app-error.ts'
import type { ConnectionKey } from '../../store/remotes/connections.ts'
import { getTracker } from '../../trackers/registry.ts'
import type { SyncDeps } from './sync-deps.ts'

type Deps = Pick<SyncDeps, 'connectJira'>
type Key = ConnectionKey
type InProject = Key & { project: string }

/** Projects of a site in which issues can be made. Throws `not_found`, `conflict` (no connection with Jira), remote_*. */
export async function listJiraProjects(
  deps: Deps,
  { q, ...key }: Key & { q?: string | undefined },
): Promise<{ items: NamedProject[] }> {
  const { client } = await deps.connectJira(key)
  return { items: await findProjects(client, { q: q === '' ? undefined : q, lane: 'person' }) }
}

/** Throws as `listJiraProjects` does, and `not_found` for a project the account does not see. */
export async function listJiraIssueTypes(deps: Deps, { project, ...key }: InProject): Promise<{ items: Named[] }> {
  const { client } = await deps.connectJira(key)
  return { items: await seen(() => listIssueTypes(client, { project, lane: 'person' })) }
}

/** Throws as `listJiraIssueTypes` does. */
export async function listJiraFields(
  deps: Deps,
  { project, issueType, ...key }: InProject & { issueType: string },
): Promise<{ items: JiraField[] }> {
  const { client } = await deps.connectJira(key)
  const fields = await seen(() => listCreateFields(client, { project, issueType, lane: 'person' }))
  const tracker = getTracker('jira')
  if (tracker.connectionKind !== 'jira') throw new Error('The registry has another tracker called jira.')
  const items = tracker
    .listFormFields(fields)
    .map(({ isRequired, ...field }) => ({ ...field, is_required: isRequired }))
  return { items }
}

/** Throws as `listJiraIssueTypes` does. */
export async function listJiraPeople(
  deps: Deps,
  { project, q = '', ...key }: InProject & { q?: string | undefined },
): Promise<{ items: Named[] }> {
  const { client } = await deps.connectJira(key)
  return { items: await seen(() => findAssignable(client, { project, q, lane: 'person' })) }
}

async function seen<Value>(ask: () => Promise<Value>): Promise<Value> {
  try {
    return await ask()
  } catch (error) {
    if (!isAppError(error, 'remote_not_found')) throw error
    throw new AppError(
      'not_found',
      'Jira shows our account no such project or issue type. Choose another one, or give the account access.',
      {
        cause: error,
      },
    )
  }
}
