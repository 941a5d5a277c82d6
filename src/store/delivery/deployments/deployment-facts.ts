import { sql } from 'kysely'
import type { SourceKind } from '../../../domain/delivery/deployments/choose-source.ts'
import type { DeploymentState } from '../../../domain/delivery/deployments/count-deployments.ts'
import type { IncidentFact } from '../../../domain/delivery/deployments/judge-deployments.ts'
import type { Db } from '../../db.ts'
import type { RepositoryKey } from './deployment-marks.ts'

/** A deployment as it was told. Moments in whole seconds since 1970. */
export type StoredDeployment = {
  id: string
  environmentId: string
  environmentName: string
  environmentKind: 'test' | 'staging' | 'production' | 'other'
  /** A person said what kind it is: no pattern says otherwise. */
  isKindDecided: boolean
  source: SourceKind
  /** What the pattern of its source is compared with; null where the source has none. */
  sourceRef: string | null
  pipeline: string | null
  /** Full or as the remote abbreviates it. */
  commit: string | null
  state: DeploymentState
  completedAt: number | null
  markedFailed: boolean | null
  markedRework: boolean | null
}

/** A merged pull request. Moments in whole seconds since 1970. */
export type StoredMerge = {
  id: string
  title: string
  sourceBranch: string | null
  destinationBranch: string | null
  authorId: string | null
  leftOut: string | null
  openedAt: number
  mergeSha: string | null
  mergedAt: number
  firstCommitAt: number | null
  changedLines: number | null
  isSecurityWork: boolean
}

const seconds = (column: string) => sql`floor(extract(epoch from ${sql.ref(column)}))::bigint`

/** What was told of a repository's deployments; with `after`, only of those that ended in a later second. */
export async function listStoredDeployments(
  db: Db,
  { organizationId, repositoryId, after }: RepositoryKey & { after?: number },
): Promise<StoredDeployment[]> {
  const found = await sql<StoredDeployment>`
    select d.id, d.environment_id as "environmentId", e.name as "environmentName",
      coalesce(e.kind_override, e.remote_kind) as "environmentKind", e.kind_override is not null as "isKindDecided",
      d.source, d.source_ref as "sourceRef", d.pipeline_uuid as pipeline, coalesce(d.commit_sha, d.commit) as commit, d.state,
      ${seconds('d.completed_at')} as "completedAt", m.is_failed as "markedFailed", m.is_rework as "markedRework"
    from deployment d
    join environment e on e.organization_id = d.organization_id and e.id = d.environment_id
    left join deployment_mark m on m.organization_id = d.organization_id and m.deployment_id = d.id
    where d.organization_id = ${organizationId}::uuid and d.repository_id = ${repositoryId}::uuid
      and ${after === undefined ? sql`true` : sql`d.completed_at >= to_timestamp(${after + 1}::bigint)`}`.execute(db)
  return found.rows
}

/** What was merged in a repository; with `commits`, only by these merge commits. */
export async function listMerges(
  db: Db,
  { organizationId, repositoryId, commits }: RepositoryKey & { commits?: readonly string[] },
): Promise<StoredMerge[]> {
  const found = await sql<StoredMerge>`
    select p.id, p.title, p.source_branch as "sourceBranch", p.destination_branch as "destinationBranch",
      f.author_id as "authorId", f.left_out as "leftOut", p.merge_sha as "mergeSha",
      f.changed_lines as "changedLines", f.is_security_work as "isSecurityWork",
      ${seconds('f.opened_at')} as "openedAt", ${seconds('f.merged_at')} as "mergedAt", ${seconds('f.first_commit_at')} as "firstCommitAt"
    from pull_request p
    join pull_request_figures f on f.organization_id = p.organization_id and f.pull_request_id = p.id
    where p.organization_id = ${organizationId}::uuid and p.repository_id = ${repositoryId}::uuid
      and f.merged_at is not null
      and ${commits === undefined ? sql`true` : sql`p.merge_sha = any(${[...commits]}::text[])`}`.execute(db)
  return found.rows
}

/** Incidents of a repository; with `of`, those that name one of these deployments or began since that moment. */
export async function listIncidentFacts(
  db: Db,
  { organizationId, repositoryId, of }: RepositoryKey & { of?: { deploymentIds: readonly string[]; since: number } },
): Promise<IncidentFact[]> {
  const wanted =
    of === undefined
      ? sql`true`
      : sql`(deployment_id = any(${[...of.deploymentIds]}::uuid[]) or began_at >= to_timestamp(${of.since}::bigint))`
  const found = await sql<IncidentFact>`
    select id, deployment_id as "deploymentId", ${seconds('began_at')} as "beganAt", ${seconds('resolved_at')} as "resolvedAt"
    from incident where organization_id = ${organizationId}::uuid and repository_id = ${repositoryId}::uuid
      and ${wanted}`.execute(db)
  return found.rows
}

const commitsAtOnce = 20_000

/** Every commit the clone told of, with its parents, a batch at a time. */
export async function* listCommitParents(
  db: Db,
  { organizationId, repositoryId }: RepositoryKey,
): AsyncGenerator<{ sha: string; parents: string[] }[]> {
  let last = ''
  for (;;) {
    const rows = await db
      .selectFrom('commit')
      .select(['sha', 'parents'])
      .where('organization_id', '=', organizationId)
      .where('repository_id', '=', repositoryId)
      .where('sha', '>', last)
      .orderBy('sha')
      .limit(commitsAtOnce)
      .execute()
    if (rows.length > 0) yield rows
    if (rows.length < commitsAtOnce) return
    last = rows.at(-1)?.sha ?? last
  }
}
