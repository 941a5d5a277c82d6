import type { RemoteRepository } from '../../bitbucket/readers/repositories.ts'
import type { ConnectionRow } from '../../store/remotes/connections.ts'
import type { SeenRepository } from '../../store/remotes/repositories.ts'

/** A repository as the remote shows it, as we keep it; `id` is used when it is new. */
export function toSeenRepository(remote: RemoteRepository, connection: ConnectionRow, id: string): SeenRepository {
  const [workspaceSlug] = remote.fullName.split('/')
  return {
    id,
    remoteUuid: remote.uuid,
    workspaceUuid: remote.workspace?.uuid ?? connection.workspace_uuid ?? '',
    workspaceSlug: remote.workspace?.slug ?? workspaceSlug ?? '',
    slug: remote.slug,
    name: remote.name,
    description: remote.description,
    mainBranch: remote.mainBranch,
    isPrivate: remote.isPrivate,
    hasIssues: remote.hasIssues,
    language: remote.language,
    webUrl: remote.webUrl ?? `${connection.web_url}/${remote.fullName}`,
    remoteUpdatedAt: remote.updatedAt,
  }
}
