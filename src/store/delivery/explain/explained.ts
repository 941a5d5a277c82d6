import { sql } from 'kysely'
import type { Db } from '../../db.ts'

/** A pull request as people know it. */
export type NamedPullRequest = {
  id: string
  repositoryId: string
  repositoryName: string
  number: number
  title: string
  webUrl: string
  sourceBranch: string | null
  destinationBranch: string | null
  mergeCommit: string | null
  mergeSha: string | null
}

type Wanted = { id: string } | { repository: string; number: number }

/** By its id, or by `slug` or `workspace/slug` of its repository and its number; several where a slug is not enough. */
export async function findPullRequests(
  db: Db,
  { organizationId, wanted }: { organizationId: string; wanted: Wanted },
): Promise<NamedPullRequest[]> {
  const which =
    'id' in wanted
      ? sql`p.id = ${wanted.id}::uuid`
      : sql`p.remote_id = ${wanted.number} and lower(${wanted.repository}) in (lower(r.slug), lower(r.workspace_slug || '/' || r.slug))`
  const found = await sql<NamedPullRequest>`
    select p.id, p.repository_id as "repositoryId", r.workspace_slug || '/' || r.slug as "repositoryName",
      p.remote_id as number, p.title, p.web_url as "webUrl", p.source_branch as "sourceBranch",
      p.destination_branch as "destinationBranch", p.merge_commit as "mergeCommit", p.merge_sha as "mergeSha"
    from repository r
    join pull_request p on p.organization_id = r.organization_id and p.repository_id = r.id
    where r.organization_id = ${organizationId}::uuid and ${which} order by 3 limit 3`.execute(db)
  return found.rows
}

export type NamedDeployment = {
  id: string
  repositoryId: string
  repositoryName: string
  environment: string
  name: string | null
  webUrl: string | null
  commit: string | null
  source: string
  state: string
  completedAt: Date | null
}

/** Deployments of these ids with the names of their places, oldest first. */
export async function listNamedDeployments(
  db: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<NamedDeployment[]> {
  const found = await sql<NamedDeployment>`
    select d.id, d.repository_id as "repositoryId", r.workspace_slug || '/' || r.slug as "repositoryName",
      e.name as environment, d.name, d.web_url as "webUrl", coalesce(d.commit_sha, d.commit) as commit, d.source, d.state,
      d.completed_at as "completedAt"
    from deployment d
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    join repository r on r.organization_id = d.organization_id and r.id = d.repository_id
    where d.organization_id = ${organizationId}::uuid and d.id = any(${[...ids]}::uuid[])
    order by d.completed_at, d.id`.execute(db)
  return found.rows
}
