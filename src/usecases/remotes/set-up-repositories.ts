import { listRepositoryPages, type RemoteRepository, readRepository } from '../../bitbucket/readers/repositories.ts'
import { isAppError } from '../../lib/app-error.ts'
import type { Db } from '../../store/db.ts'
import type { ConnectionKey, ConnectionRow } from '../../store/remotes/connections.ts'
import { upsertRepositories } from '../../store/remotes/repositories.ts'
import { ensureAssetsForRepositories } from '../../store/security/assets.ts'
import type { WebhookDeps } from './ensure-webhook.ts'
import { requireWorkspace } from './list-remote-repositories.ts'
import { makeWebhooks } from './make-webhooks.ts'
import { type OpenConnection, openConnection, type RemoteDeps } from './open-connection.ts'
import { toSeenRepository } from './seen-repository.ts'
import { noProgress, recordProgress, type SetUpProgress } from './set-up-progress.ts'

type Deps = RemoteDeps & WebhookDeps

export type SetUpInput = ConnectionKey & { uuids: readonly string[] | 'all' }

/** Up to here chosen repositories are asked for one by one; beyond, reading the listing costs fewer requests. */
const singlyAtMost = 20

type Known = { id: string; remoteUuid: string }

/**
 * Makes repositories, assets and webhooks of what was chosen. Runs again from the start without harm: everything it
 * does is idempotent. Progress and a final failure are written to the connection; the error is thrown on, for the job.
 */
export async function setUpRepositories(deps: Deps, input: SetUpInput): Promise<SetUpProgress> {
  const key = { organizationId: input.organizationId, connectionId: input.connectionId }
  let progress: SetUpProgress = { ...noProgress, state: 'running' }
  const note = async (change: Partial<SetUpProgress>): Promise<void> => {
    progress = { ...progress, ...change }
    await recordProgress(deps, key, progress)
  }
  try {
    const opened = await openConnection(deps, key)
    const known = await readAll(deps, opened, { uuids: input.uuids, note })
    const problems = [
      ...known.problems,
      ...(await makeWebhooks(deps, opened, { repositories: known.repositories, note })),
    ]
    await note({
      state: problems.length === 0 ? 'idle' : 'failed',
      error: problems.length === 0 ? null : problems.join(' '),
    })
    return progress
  } catch (error) {
    const again = ' It goes on by itself; should it not, choose the repositories again.'
    if (isAppError(error)) await note({ state: 'failed', error: `${error.detail}${error.retryable ? again : ''}` })
    throw error
  }
}

type Note = (change: Partial<SetUpProgress>) => Promise<void>

async function readAll(
  deps: Deps,
  { connection, client }: OpenConnection,
  { uuids, note }: { uuids: SetUpInput['uuids']; note: Note },
): Promise<{ repositories: Known[]; problems: string[] }> {
  const workspace = requireWorkspace(connection)
  const repositories: Known[] = []
  const problems: string[] = []
  const take = async (values: readonly RemoteRepository[], total: number): Promise<void> => {
    repositories.push(...(await deps.db.transaction().execute((tx) => writePage(deps, tx, { connection, values }))))
    await note({ repositories_done: repositories.length, repositories_total: Math.max(total, repositories.length) })
  }
  if (uuids !== 'all' && uuids.length <= singlyAtMost) {
    for (const repository of uuids) {
      const found = await readRepository(client, { workspace, repository, lane: 'person' }).catch((error: unknown) => {
        if (!isAppError(error, 'remote_not_found') && !isAppError(error, 'remote_forbidden')) throw error
        problems.push(`The repository ${repository} is not visible with this credential.`)
      })
      if (found !== undefined) await take([found], uuids.length)
    }
    return { repositories, problems }
  }
  const wanted = uuids === 'all' ? undefined : new Set(uuids)
  for await (const page of listRepositoryPages(client, { workspace, lane: 'status' })) {
    const chosen = page.values.filter((one) => wanted === undefined || wanted.has(one.uuid))
    await take(chosen, wanted?.size ?? page.size ?? 0)
  }
  const unseen = (wanted?.size ?? 0) - repositories.length
  if (wanted !== undefined && unseen > 0)
    problems.push(`${unseen} of the chosen repositories are not visible with this credential.`)
  return { repositories, problems }
}

async function writePage(
  deps: Deps,
  tx: Db,
  { connection, values }: { connection: ConnectionRow; values: readonly RemoteRepository[] },
): Promise<Known[]> {
  const organizationId = connection.organization_id
  const now = deps.clock()
  const remotes = new Map(values.map((one) => [one.uuid, one]))
  const rows = await upsertRepositories(
    tx,
    { organizationId, connectionId: connection.id, now },
    [...remotes.values()].map((remote) => toSeenRepository(remote, connection, deps.newId())),
  )
  const repositories = rows.flatMap(({ id, remoteUuid }) => {
    const remote = remotes.get(remoteUuid)
    if (remote === undefined) return []
    const { slug, name, mainBranch } = remote
    return [{ assetId: deps.newId(), repositoryId: id, slug, name, mainBranch }]
  })
  await ensureAssetsForRepositories(tx, { organizationId, repositories, now })
  return rows
}
