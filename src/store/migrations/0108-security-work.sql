-- Whether a pull request remedies a vulnerability that people did not dismiss, beside its other figures: asked of each by the
-- links, a period took minutes once they were many.
alter table pull_request_figures add column is_security_work boolean not null default false;

drop index pull_request_figures_pickup;
create index pull_request_figures_pickup on pull_request_figures (organization_id, pickup_ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, pickup_s, feedback_count, state,
    pickup_business_s, is_security_work);
drop index pull_request_figures_merged;
create index pull_request_figures_merged on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, span_left_out, merge_wait_s, cycle_s,
    changed_lines, review_count, feedback_count, answered_after_s, rounds, is_self_merged, is_self_approved_only,
    is_batch_merge, merge_wait_business_s, cycle_business_s, is_security_work, opened_at);
-- Those alone, and where any is.
create index pull_request_figures_security_pickup on pull_request_figures (organization_id, pickup_ended_at)
  include (pull_request_id, repository_id, destination_branch, left_out, pickup_s) where is_security_work;
create index pull_request_figures_security on pull_request_figures (organization_id, repository_id)
  include (pull_request_id) where is_security_work;

alter table deployment_change add column is_security_work boolean not null default false;
create index deployment_change_security on deployment_change (organization_id, deployed_at)
  include (deployment_id) where is_security_work;
-- What deployments of a period brought.
create index vulnerability_figures_brought on vulnerability_figures (organization_id, introduced_at)
  include (introduced_deployment_id, left_out) where introduced_deployment_id is not null;

create or replace function mark_repositories_of_copies() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id, since, restated)
  select n.organization_id, n.repository_id, 'infinity', array_agg(n.pull_request_id)
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  where n.merged_at is not null
    and (n.changed_lines, n.is_security_work) is distinct from (f.changed_lines, f.is_security_work)
  group by n.organization_id, n.repository_id;
  return null;
end $$;

-- A pull request that goes takes its facts with it: there is nothing to work out then.
create function mark_remaining_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select distinct c.organization_id, c.pull_request_id from changed c
    join pull_request p on p.organization_id = c.organization_id and p.id = c.pull_request_id;
  return null;
end $$;
create trigger figures_link_insert after insert on remediation_link
  referencing new table as changed for each statement execute function mark_pull_requests_of_facts();
create trigger figures_link_delete after delete on remediation_link
  referencing old table as changed for each statement execute function mark_remaining_pull_requests();
drop trigger figures_breakdown_delete on pull_request_breakdown;
create trigger figures_breakdown_delete after delete on pull_request_breakdown
  referencing old table as changed for each statement execute function mark_remaining_pull_requests();

create function mark_pull_requests_of_dismissals() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select distinct l.organization_id, l.pull_request_id
  from changed n join former f on f.organization_id = n.organization_id and f.vulnerability_id = n.vulnerability_id
    join remediation_link l on l.organization_id = n.organization_id and l.vulnerability_id = n.vulnerability_id
  where (n.left_out is null) <> (f.left_out is null);
  return null;
end $$;
create function mark_pull_requests_of_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select distinct l.organization_id, l.pull_request_id from changed c
    join remediation_link l on l.organization_id = c.organization_id and l.vulnerability_id = c.vulnerability_id;
  return null;
end $$;
create trigger figures_vulnerability_insert after insert on vulnerability_figures
  referencing new table as changed for each statement execute function mark_pull_requests_of_vulnerabilities();
create trigger figures_vulnerability_update after update on vulnerability_figures
  referencing old table as former new table as changed
  for each statement execute function mark_pull_requests_of_dismissals();
create trigger figures_vulnerability_delete after delete on vulnerability_figures
  referencing old table as changed for each statement execute function mark_pull_requests_of_vulnerabilities();

create function mark_snapshot_days_of_security_work() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct n.organization_id, d.day
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  join metric_snapshot_state s on s.organization_id = n.organization_id
  cross join lateral (select (unnest(array[n.merged_at, n.pickup_ended_at]) at time zone 'UTC')::date as day) d
  where n.is_security_work <> f.is_security_work and d.day between s.taken_through - 400 and s.taken_through;
  return null;
end $$;
create trigger snapshot_figures_security after update on pull_request_figures
  referencing old table as former new table as changed
  for each statement execute function mark_snapshot_days_of_security_work();

-- What is known already is right at once, in both places.
alter table pull_request_figures disable trigger user;
update pull_request_figures p set is_security_work = true
where exists (select from remediation_link l
  join vulnerability_figures v on v.organization_id = l.organization_id and v.vulnerability_id = l.vulnerability_id
  where l.organization_id = p.organization_id and l.pull_request_id = p.pull_request_id and v.left_out is null);
alter table pull_request_figures enable trigger user;
update deployment_change c set is_security_work = true from pull_request_figures p
where p.is_security_work and c.organization_id = p.organization_id and c.pull_request_id = p.pull_request_id;
