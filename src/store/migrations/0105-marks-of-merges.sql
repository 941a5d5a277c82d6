-- A merge learned late moves nothing that is settled unless its commit is in production: a mark that tells of merges alone
-- names their commits, and whoever takes it, under the repository's lock, looks them up.
-- Null: of something else.
alter table repository_to_compute add column merge_commits text[];

create or replace function mark_repositories_of_new_merges() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since, merge_commits)
  select c.organization_id, c.repository_id, min(c.merged_at),
    array_remove(array_agg(distinct p.merge_sha), null)
  from changed c join pull_request p on p.organization_id = c.organization_id and p.id = c.pull_request_id
  where c.merged_at is not null group by c.organization_id, c.repository_id;
  return null;
end $$;
create or replace function mark_repositories_of_merges() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since, merge_commits)
  select n.organization_id, r.id, min(least(n.merged_at, f.merged_at)),
    array_remove(array_agg(distinct p.merge_sha), null)
  from changed n
    join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
    join pull_request p on p.organization_id = n.organization_id and p.id = n.pull_request_id
    cross join lateral (values (n.repository_id), (f.repository_id)) as r (id)
  where (n.merged_at is not null or f.merged_at is not null)
    and (n.repository_id, n.author_id, n.destination_branch, n.left_out, n.merged_at, n.first_commit_at)
      is distinct from (f.repository_id, f.author_id, f.destination_branch, f.left_out, f.merged_at, f.first_commit_at)
  group by n.organization_id, r.id;
  return null;
end $$;
create or replace function mark_repositories_of_merge_commits() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since, merge_commits)
  select n.organization_id, n.repository_id, min(n.merged_at),
    array_remove(array_agg(distinct n.merge_sha) || array_agg(distinct f.merge_sha), null)
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where n.state = 'merged' and (n.merge_sha, n.merge_commit, n.source_branch, n.title)
    is distinct from (f.merge_sha, f.merge_commit, f.source_branch, f.title)
  group by n.organization_id, n.repository_id;
  return null;
end $$;
