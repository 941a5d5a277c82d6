import { listRepositoryPages } from '../../bitbucket/readers/repositories.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { listRepositories, type RepositoryRow, upsertRepositories } from '../../store/remotes/repositories.ts'
import type { OpenConnection } from './open-connection.ts'
import { refreshRepository } from './refresh-repository.ts'
import { toSeenRepository } from './seen-repository.ts'

type Deps = { db: Db; clock: Clock }

const readAtOnce = 500
/** Repositories that the listing no longer shows are asked for one by one; what is over the limit waits for the next check. */
const singlyAtMost = 20

/** Brings slugs, names and main branches of all repositories of a connection up to date; the UUID tells them apart. */
export async function refreshRepositories(deps: Deps, opened: OpenConnection): Promise<void> {
  const { connection, client } = opened
  const workspace = connection.workspace_uuid
  if (workspace === null) return
  const unseen = await readKnown(deps, opened)
  if (unseen.size === 0) return
  // From before the first page: a webhook that comes meanwhile may tell of something newer.
  const input = { organizationId: connection.organization_id, connectionId: connection.id, now: deps.clock() }
  for await (const page of listRepositoryPages(client, { workspace, lane: 'status' })) {
    const seen = page.values.flatMap((remote) => {
      const row = unseen.get(remote.uuid)
      unseen.delete(remote.uuid)
      return row === undefined ? [] : [toSeenRepository(remote, connection, row.id)]
    })
    await upsertRepositories(deps.db, input, seen)
  }
  for (const row of [...unseen.values()].slice(0, singlyAtMost)) await refreshRepository(deps, opened, row.id)
}

async function readKnown({ db }: Deps, { connection }: OpenConnection): Promise<Map<string, RepositoryRow>> {
  const known = new Map<string, RepositoryRow>()
  let after: string | null = null
  do {
    const rows: RepositoryRow[] = await listRepositories(db, {
      organizationId: connection.organization_id,
      connectionId: connection.id,
      after,
      limit: readAtOnce,
    })
    for (const row of rows) known.set(row.remote_uuid, row)
    after = rows.length < readAtOnce ? null : (rows.at(-1)?.id ?? null)
  } while (after !== null)
  return known
}
