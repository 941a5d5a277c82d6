-- Several pull requests that one commit merged are one change: the one with the lowest number counts.
alter table pull_request_figures add column is_batch_merge boolean not null default false;
drop index pull_request_figures_merged;
create index pull_request_figures_merged on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, span_left_out, merge_wait_s, cycle_s,
    changed_lines, review_count, feedback_count, answered_after_s, rounds, is_self_merged, is_self_approved_only,
    is_batch_merge);

-- What a merge commit is found or lost for, whatever shares it may count as something else.
create function mark_pull_requests_of_batches() returns trigger language plpgsql as $$
begin
  with moved as (
    select n.organization_id, n.repository_id, n.id, unnest(array[n.merge_sha, f.merge_sha]) as merge_sha
    from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
    where (n.merge_sha, n.state, n.excluded_reason) is distinct from (f.merge_sha, f.state, f.excluded_reason)
  )
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select distinct p.organization_id, p.id from moved m
    join pull_request p on p.organization_id = m.organization_id and p.repository_id = m.repository_id
      and p.merge_sha = m.merge_sha;
  return null;
end $$;
create trigger figures_pull_request_batch after update on pull_request
  referencing old table as former new table as changed for each statement execute function mark_pull_requests_of_batches();

insert into pull_request_to_compute (organization_id, pull_request_id)
select organization_id, id from (
  select organization_id, id, count(*) over (partition by organization_id, repository_id, merge_sha) as sharing
  from pull_request where merge_sha is not null) p where sharing > 1;
