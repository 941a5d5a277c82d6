-- Lines beside what they are measured with, so that figures of many pull requests are answered from one index.

-- What of a merged pull request's lines is new, and whose the others were: worked out of what blame said.
alter table pull_request_figures
  add column new_lines integer,
  add column rework_lines integer,
  add column help_lines integer,
  add column refactored_lines integer,
  -- Why blame was not asked.
  add column lines_left_out text;
create index pull_request_figures_lines on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, destination_branch, left_out, lines_left_out, new_lines, rework_lines,
    help_lines, refactored_lines);
create index pull_request_figures_left_out_lines on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, destination_branch, left_out, lines_left_out)
  where coalesce(left_out, lines_left_out) is not null;

create index pull_request_origin_sha on pull_request_origin (organization_id, sha);

create trigger figures_breakdown_insert after insert on pull_request_breakdown
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_breakdown_update after update on pull_request_breakdown
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_breakdown_delete after delete on pull_request_breakdown
  referencing old table as changed for each statement execute function mark_pull_requests_of_facts();
-- The day is taken anew when the figures say something else.
drop trigger snapshot_breakdown_insert on pull_request_breakdown;
drop trigger snapshot_breakdown_update on pull_request_breakdown;
drop function mark_snapshot_days_of_breakdowns();
create function mark_snapshot_days_of_lines() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct n.organization_id, (n.merged_at at time zone 'UTC')::date
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  join metric_snapshot_state s on s.organization_id = n.organization_id
  where (n.new_lines, n.rework_lines, n.help_lines, n.refactored_lines, n.lines_left_out)
      is distinct from (f.new_lines, f.rework_lines, f.help_lines, f.refactored_lines, f.lines_left_out)
    and (n.merged_at at time zone 'UTC')::date between s.taken_through - 400 and s.taken_through;
  return null;
end $$;
create trigger snapshot_figures_lines after update on pull_request_figures
  referencing old table as former new table as changed for each statement execute function mark_snapshot_days_of_lines();

-- Whose account it is decides whose lines they were.
create function mark_pull_requests_of_line_authors() returns trigger language plpgsql as $$
begin
  with written as (
    select c.organization_id, c.repository_id, c.sha
    from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
      join commit c on c.organization_id = n.organization_id and c.author_id = n.id
    where n.merged_into is distinct from f.merged_into
  )
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select o.organization_id, o.pull_request_id from written w
    join pull_request_origin o on o.organization_id = w.organization_id and o.sha = w.sha
  union select p.organization_id, p.pull_request_id from written w
    join pull_request_commit p on p.organization_id = w.organization_id and p.repository_id = w.repository_id and p.sha = w.sha
    join pull_request_breakdown b on b.organization_id = p.organization_id and b.pull_request_id = p.pull_request_id
  union select b.organization_id, b.pull_request_id from written w
    join pull_request p on p.organization_id = w.organization_id and p.repository_id = w.repository_id and p.merge_sha = w.sha
    join pull_request_breakdown b on b.organization_id = p.organization_id and b.pull_request_id = p.id;
  return null;
end $$;
create trigger figures_line_authors_update after update on contributor
  referencing old table as former new table as changed
  for each statement execute function mark_pull_requests_of_line_authors();

insert into pull_request_to_compute (organization_id, pull_request_id)
select organization_id, pull_request_id from pull_request_breakdown;

-- A change with its own lines, and how many changes and lines its deployment brought in all.
alter table deployment_change
  add column changed_lines integer,
  add column deployed_changes integer,
  -- Null where the size of one of them is unknown.
  add column deployed_lines integer;
drop index deployment_change_deployed;
create index deployment_change_deployed on deployment_change (organization_id, deployed_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, is_batch_merge, deploy_s, lead_s,
    deploy_business_s, lead_business_s, deployment_id, changed_lines, deployed_changes, deployed_lines);
create trigger snapshot_change_update after update on deployment_change
  referencing new table as changed for each statement execute function mark_snapshot_days_of_changes();

-- Merged pull requests of which only what also stands beside their deployment is another. Null: something else changed too.
alter table repository_to_compute add column restated uuid[];

create function mark_repositories_of_copies() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since, restated)
  select n.organization_id, n.repository_id, 'infinity', array_agg(n.pull_request_id)
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  where n.merged_at is not null and n.changed_lines is distinct from f.changed_lines
  group by n.organization_id, n.repository_id;
  return null;
end $$;
create trigger deployments_figures_copies after update on pull_request_figures
  referencing old table as former new table as changed for each statement execute function mark_repositories_of_copies();

with one as (
  select c.organization_id, c.pull_request_id, f.changed_lines, c.deployment_id, c.is_batch_merge
  from deployment_change c
  join pull_request_figures f on f.organization_id = c.organization_id and f.pull_request_id = c.pull_request_id
), whole as (
  select organization_id, deployment_id, count(*) as changes,
    case when count(*) = count(changed_lines) then sum(changed_lines) end as lines
  from one where not is_batch_merge group by 1, 2
)
update deployment_change c set changed_lines = one.changed_lines, deployed_changes = coalesce(whole.changes, 0),
  deployed_lines = whole.lines
from one left join whole on whole.organization_id = one.organization_id and whole.deployment_id = one.deployment_id
where c.organization_id = one.organization_id and c.pull_request_id = one.pull_request_id;
alter table deployment_change alter column deployed_changes set not null;
