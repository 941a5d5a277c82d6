-- What of a pull request decides which deployment brought it, and as what: a comment or a review does not, and marks no
-- repository. Until now every change of its figures did, and a repository's whole history was read for it.
create function mark_repositories_of_new_merges() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct organization_id, repository_id from changed where merged_at is not null;
  return null;
end $$;
create function mark_repositories_of_merges() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct n.organization_id, r.id
  from changed n
    join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
    cross join lateral (values (n.repository_id), (f.repository_id)) as r (id)
  where (n.merged_at is not null or f.merged_at is not null)
    and (n.repository_id, n.author_id, n.destination_branch, n.left_out, n.merged_at, n.first_commit_at)
      is distinct from (f.repository_id, f.author_id, f.destination_branch, f.left_out, f.merged_at, f.first_commit_at);
  return null;
end $$;
drop trigger deployments_figures_insert on pull_request_figures;
drop trigger deployments_figures_update on pull_request_figures;
create trigger deployments_figures_insert after insert on pull_request_figures
  referencing new table as changed for each statement execute function mark_repositories_of_new_merges();
create trigger deployments_figures_update after update on pull_request_figures
  referencing old table as former new table as changed for each statement execute function mark_repositories_of_merges();

-- What its figures do not hold: the merge by its full name, and what says that it only repairs.
create function mark_repositories_of_merge_commits() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct n.organization_id, n.repository_id
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where n.state = 'merged' and (n.merge_sha, n.merge_commit, n.source_branch, n.title)
    is distinct from (f.merge_sha, f.merge_commit, f.source_branch, f.title);
  return null;
end $$;
create trigger deployments_pull_request_update after update on pull_request
  referencing old table as former new table as changed
  for each statement execute function mark_repositories_of_merge_commits();

-- Commits that were written down let a deployment's be found, and what it contains.
create function mark_repositories_of_heads() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select n.organization_id, n.repository_id
  from changed n join former f on f.organization_id = n.organization_id and f.repository_id = n.repository_id
  where n.heads is distinct from f.heads;
  return null;
end $$;
create trigger deployments_mirror_update after update on git_mirror
  referencing old table as former new table as changed for each statement execute function mark_repositories_of_heads();

-- Runs of pipelines, where they are what tells of deployments.
create function mark_repositories_of_pipelines() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct n.organization_id, n.repository_id
  from changed n join deployment_source s on s.organization_id = n.organization_id and s.kind = 'pipeline'
    and (s.repository_id is null or s.repository_id = n.repository_id)
  where n.state = 'completed';
  return null;
end $$;
create trigger deployments_pipeline_insert after insert on pipeline
  referencing new table as changed for each statement execute function mark_repositories_of_pipelines();
create trigger deployments_pipeline_update after update on pipeline
  referencing new table as changed for each statement execute function mark_repositories_of_pipelines();
