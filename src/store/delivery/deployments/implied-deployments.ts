import { sql } from 'kysely'
import type { Db } from '../../db.ts'
import type { RepositoryKey } from './deployment-marks.ts'

type Implied = RepositoryKey & {
  environmentId: string
  /** For `like` with `\` as its escape. */
  like: string
  /** Only what came in a later second; undefined for all of it. */
  after: number | undefined
}

const isAfter = (column: string, after: number | undefined) =>
  after === undefined ? sql`true` : sql`${sql.ref(column)} >= to_timestamp(${after + 1}::bigint)`

/** The production environment of what says nothing of environments itself. Answers its id. */
export async function ensureImpliedEnvironment(
  tx: Db,
  { organizationId, repositoryId }: RepositoryKey,
): Promise<string> {
  const found = await sql<{ id: string }>`
    insert into environment (organization_id, id, repository_id, remote_uuid, name, remote_kind)
    values (${organizationId}, gen_random_uuid(), ${repositoryId}, 'weir:production', 'Production', 'production')
    on conflict (organization_id, repository_id, remote_uuid) do update set remote_kind = excluded.remote_kind
    returning id`.execute(tx)
  const id = found.rows[0]?.id
  if (id === undefined) throw new Error('An environment that was just written is not there.')
  return id
}

/** Each merge into a fitting branch is a deployment that succeeded then. */
export async function recordMergesAsDeployments(tx: Db, input: Implied): Promise<void> {
  await sql`
    insert into deployment (organization_id, id, repository_id, environment_id, source, remote_key, name, commit,
      commit_sha, state, started_at, completed_at, web_url, source_ref)
    select p.organization_id, gen_random_uuid(), p.repository_id, ${input.environmentId}::uuid, 'merge', p.remote_id::text,
      p.title, p.merge_commit, p.merge_sha, 'successful', f.merged_at, f.merged_at, p.web_url, p.destination_branch
    from pull_request p
    join pull_request_figures f on f.organization_id = p.organization_id and f.pull_request_id = p.id
    where p.organization_id = ${input.organizationId}::uuid and p.repository_id = ${input.repositoryId}::uuid
      and f.merged_at is not null and p.destination_branch ilike ${input.like} escape '\\' and ${isAfter('f.merged_at', input.after)}
    on conflict (organization_id, repository_id, source, remote_key) do update set
      commit = excluded.commit, commit_sha = excluded.commit_sha, completed_at = excluded.completed_at,
      source_ref = excluded.source_ref
    where (deployment.commit, deployment.commit_sha, deployment.completed_at, deployment.source_ref)
      is distinct from (excluded.commit, excluded.commit_sha, excluded.completed_at, excluded.source_ref)`.execute(tx)
}

/** Each commit a fitting tag was seen at is a deployment that succeeded when it was tagged. */
export async function recordTagsAsDeployments(tx: Db, input: Implied): Promise<void> {
  await sql`
    insert into deployment (organization_id, id, repository_id, environment_id, source, remote_key, name, commit,
      commit_sha, state, started_at, completed_at, source_ref)
    select organization_id, gen_random_uuid(), repository_id, ${input.environmentId}::uuid, 'tag',
      name || '@' || commit_sha, name, commit_sha, commit_sha, 'successful', tagged_at, tagged_at, name
    from git_tag
    where organization_id = ${input.organizationId}::uuid and repository_id = ${input.repositoryId}::uuid
      and name ilike ${input.like} escape '\\' and ${isAfter('tagged_at', input.after)}
    on conflict (organization_id, repository_id, source, remote_key) do update set
      started_at = excluded.started_at, completed_at = excluded.completed_at
    where deployment.completed_at is distinct from excluded.completed_at`.execute(tx)
}

/** Each finished run of a fitting pipeline is a deployment: by its own name where it has one, else by its branch or tag. */
export async function recordPipelinesAsDeployments(tx: Db, input: Implied): Promise<void> {
  await sql`
    insert into deployment (organization_id, id, repository_id, environment_id, source, remote_key, pipeline_uuid, name,
      commit, commit_sha, state, started_at, completed_at, source_ref)
    select organization_id, gen_random_uuid(), repository_id, ${input.environmentId}::uuid, 'pipeline', remote_uuid,
      remote_uuid, coalesce(name, ref_name), commit_sha, commit_sha,
      case result when 'successful' then 'successful' when 'stopped' then 'stopped' else 'failed' end,
      started_at, completed_at, coalesce(name, ref_name)
    from pipeline
    where organization_id = ${input.organizationId}::uuid and repository_id = ${input.repositoryId}::uuid
      and state = 'completed' and result is not null and completed_at is not null
      and coalesce(name, ref_name) ilike ${input.like} escape '\\' and ${isAfter('completed_at', input.after)}
    on conflict (organization_id, repository_id, source, remote_key) do update set
      state = excluded.state, completed_at = excluded.completed_at, source_ref = excluded.source_ref
    where (deployment.state, deployment.completed_at, deployment.source_ref)
      is distinct from (excluded.state, excluded.completed_at, excluded.source_ref)`.execute(tx)
}
