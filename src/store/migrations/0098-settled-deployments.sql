-- What one more deployment brings is found from what is in production already, not by reading a repository's whole
-- history again: whatever a mark says changed after the last counted deployment is worked out by itself.

-- The first production deployment that contains a commit. Only ever of what the clone tells.
create table deployed_commit (
  organization_id uuid not null,
  repository_id uuid not null,
  sha text not null,
  deployment_id uuid not null,
  primary key (organization_id, repository_id, sha),
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade
);

-- Up to where a repository's deployments are worked out with nothing unknown. One without a row is worked out as a whole.
create table settled_deployments (
  organization_id uuid not null,
  repository_id uuid not null,
  -- When the last counted deployment ended; the last success, and its commit by its full name.
  through timestamptz not null,
  last_success_id uuid not null,
  last_commit text not null,
  primary key (organization_id, repository_id),
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade
);

-- The earliest moment at which something changed; null where anything may have.
alter table repository_to_compute add column since timestamptz;

create index deployment_of_repository on deployment (organization_id, repository_id, completed_at);
create index pull_request_figures_repository_merged on pull_request_figures (organization_id, repository_id, merged_at)
  where merged_at is not null;

-- What has not ended counts as nothing yet.
create function mark_repositories_of_new_deployments() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select organization_id, repository_id, min(completed_at) from changed
  where completed_at is not null group by organization_id, repository_id;
  return null;
end $$;
-- Where everything is settled a short name was found as the commit it is told to be now.
create or replace function mark_repositories_of_deployments() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select n.organization_id, n.repository_id, min(case
    when (n.environment_id, n.pipeline_uuid, n.commit, n.state, n.completed_at)
        is not distinct from (f.environment_id, f.pipeline_uuid, f.commit, f.state, f.completed_at)
      and f.commit_sha is null and starts_with(n.commit_sha, n.commit) then 'infinity'
    else least(n.completed_at, f.completed_at) end)
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.environment_id, n.pipeline_uuid, n.commit, n.commit_sha, n.state, n.completed_at)
    is distinct from (f.environment_id, f.pipeline_uuid, f.commit, f.commit_sha, f.state, f.completed_at)
    and (n.completed_at is not null or f.completed_at is not null)
  group by n.organization_id, n.repository_id;
  return null;
end $$;
drop trigger deployments_insert on deployment;
create trigger deployments_insert after insert on deployment
  referencing new table as changed for each statement execute function mark_repositories_of_new_deployments();

-- An incident that names no deployment is of the last success before it.
create function mark_repositories_of_new_incidents() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select distinct organization_id, repository_id, case when deployment_id is null then began_at end from changed;
  return null;
end $$;
drop trigger deployments_incident_insert on incident;
create trigger deployments_incident_insert after insert on incident
  referencing new table as changed for each statement execute function mark_repositories_of_new_incidents();

create or replace function mark_repositories_of_new_merges() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select organization_id, repository_id, min(merged_at) from changed
  where merged_at is not null group by organization_id, repository_id;
  return null;
end $$;
create or replace function mark_repositories_of_merges() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select n.organization_id, r.id, min(least(n.merged_at, f.merged_at))
  from changed n
    join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
    cross join lateral (values (n.repository_id), (f.repository_id)) as r (id)
  where (n.merged_at is not null or f.merged_at is not null)
    and (n.repository_id, n.author_id, n.destination_branch, n.left_out, n.merged_at, n.first_commit_at)
      is distinct from (f.repository_id, f.author_id, f.destination_branch, f.left_out, f.merged_at, f.first_commit_at)
  group by n.organization_id, r.id;
  return null;
end $$;
create or replace function mark_repositories_of_merge_commits() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select n.organization_id, n.repository_id, min(n.merged_at)
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where n.state = 'merged' and (n.merge_sha, n.merge_commit, n.source_branch, n.title)
    is distinct from (f.merge_sha, f.merge_commit, f.source_branch, f.title)
  group by n.organization_id, n.repository_id;
  return null;
end $$;

-- Commits that come after what is known move nothing that is settled.
create or replace function mark_repositories_of_heads() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select n.organization_id, n.repository_id, 'infinity'
  from changed n join former f on f.organization_id = n.organization_id and f.repository_id = n.repository_id
  where n.heads is distinct from f.heads;
  return null;
end $$;

-- A run whose end was told before may now be told otherwise: then nobody knows from when on.
create function mark_repositories_of_new_pipelines() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select n.organization_id, n.repository_id, min(n.completed_at)
  from changed n join deployment_source s on s.organization_id = n.organization_id and s.kind = 'pipeline'
    and (s.repository_id is null or s.repository_id = n.repository_id)
  where n.state = 'completed' group by n.organization_id, n.repository_id;
  return null;
end $$;
drop trigger deployments_pipeline_insert on pipeline;
create trigger deployments_pipeline_insert after insert on pipeline
  referencing new table as changed for each statement execute function mark_repositories_of_new_pipelines();
create or replace function mark_repositories_of_pipelines() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select distinct n.organization_id, n.repository_id, case when f.state <> 'completed' then n.completed_at end
  from changed n
    join former f on f.organization_id = n.organization_id and f.id = n.id
    join deployment_source s on s.organization_id = n.organization_id and s.kind = 'pipeline'
      and (s.repository_id is null or s.repository_id = n.repository_id)
  where n.state = 'completed'
    and (n.state, n.result, n.completed_at, n.name, n.ref_name, n.commit_sha)
      is distinct from (f.state, f.result, f.completed_at, f.name, f.ref_name, f.commit_sha);
  return null;
end $$;
drop trigger deployments_pipeline_update on pipeline;
create trigger deployments_pipeline_update after update on pipeline
  referencing old table as former new table as changed
  for each statement execute function mark_repositories_of_pipelines();

create function mark_repositories_of_new_tags() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select organization_id, repository_id, min(tagged_at) from changed group by organization_id, repository_id;
  return null;
end $$;
drop trigger deployments_tag_insert on git_tag;
create trigger deployments_tag_insert after insert on git_tag
  referencing new table as changed for each statement execute function mark_repositories_of_new_tags();

-- Which deployment contains the commit of a scan is looked up by the commit, where its whole name is told.
create or replace function mark_repositories_of_scans() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since)
  select distinct a.organization_id, a.repository_id, case when length(c.commit_hash) = 40 then 'infinity'::timestamptz end from changed c
    join asset a on a.organization_id = c.organization_id and a.id = c.asset_id
  where c.state = 'applied' and c.commit_hash is not null and a.repository_id is not null
    and exists (select from deployment d where d.organization_id = a.organization_id and d.repository_id = a.repository_id)
    and not exists (select from deployed_scan s where s.organization_id = a.organization_id
      and s.repository_id = a.repository_id and s.commit_hash = c.commit_hash);
  return null;
end $$;

-- Of a repository only that it is deployed at all: its first deployments, and its last to go.
create or replace function mark_vulnerabilities_of_deployments() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct l.organization_id, l.vulnerability_id
  from (select distinct organization_id, repository_id from changed where outcome = 'successful') c
    join pull_request_figures p on p.organization_id = c.organization_id and p.repository_id = c.repository_id
    join remediation_link l on l.organization_id = p.organization_id and l.pull_request_id = p.pull_request_id
  where not exists (select from deployment_figures d where d.organization_id = c.organization_id
    and d.repository_id = c.repository_id and d.outcome = 'successful'
    and d.deployment_id not in (select deployment_id from changed));
  return null;
end $$;

-- Everything once more, so that each repository has a settled state to go on from.
insert into repository_to_compute (organization_id, repository_id) select distinct organization_id, repository_id from deployment;
