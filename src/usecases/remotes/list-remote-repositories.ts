import { readRepositoryPage, repositoriesPerPage } from '../../bitbucket/readers/repositories.ts'
import { AppError } from '../../lib/app-error.ts'
import type { ConnectionKey, ConnectionRow } from '../../store/remotes/connections.ts'
import { findAssetsOfRemotes } from '../../store/remotes/repositories.ts'
import { openConnection, type RemoteDeps } from './open-connection.ts'

export type ListRemoteRepositoriesInput = ConnectionKey & {
  q?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}

/** A page of the workspace's repositories as Bitbucket lists them now, with the assets they already are. */
export async function listRemoteRepositories(deps: RemoteDeps, input: ListRemoteRepositoriesInput) {
  const pageLength = Math.min(input.limit ?? 50, repositoriesPerPage)
  const page = parseCursor(input.cursor)
  const { connection, client } = await openConnection(deps, input)
  const search = input.q?.trim() ?? ''
  const found = await readRepositoryPage(client, {
    workspace: requireWorkspace(connection),
    lane: 'person',
    pageLength,
    page,
    ...(search === '' ? {} : { search }),
  })
  const remoteUuids = found.values.map((one) => one.uuid)
  const assets = await findAssetsOfRemotes(deps.db, { organizationId: input.organizationId, remoteUuids })
  return {
    items: found.values.map((one) => ({
      uuid: one.uuid,
      slug: one.slug,
      name: one.name,
      project: one.project,
      is_private: one.isPrivate,
      updated_at: one.updatedAt?.toISOString() ?? null,
      main_branch: one.mainBranch,
      asset_id: assets.get(one.uuid) ?? null,
    })),
    next: found.next === undefined ? null : String(page + 1),
    total: found.size ?? null,
  }
}

/** The UUID of the connection's workspace. Throws `conflict` while none is chosen. */
export function requireWorkspace(connection: ConnectionRow): string {
  if (connection.workspace_uuid !== null) return connection.workspace_uuid
  throw new AppError('conflict', 'Choose the workspace of this connection first.')
}

function parseCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 1
  if (/^[1-9]\d{0,5}$/.test(cursor)) return Number(cursor)
  throw new AppError('validation_failed', 'cursor: take it from `next` of the page before.')
}
