-- The same durations in the hours of the author's team when the pull request was opened, else of the organization.
alter table pull_request_figures
  add column coding_business_s integer,
  add column draft_business_s integer,
  add column pickup_business_s integer,
  add column review_business_s integer,
  add column merge_wait_business_s integer,
  add column cycle_business_s integer;
alter table deployment_change
  add column deploy_business_s integer,
  add column lead_business_s integer;

-- Still answered from the index alone.
drop index pull_request_figures_ready;
create index pull_request_figures_ready on pull_request_figures (organization_id, ready_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, coding_s, draft_s, pickup_s,
    coding_business_s, draft_business_s);
drop index pull_request_figures_pickup;
create index pull_request_figures_pickup on pull_request_figures (organization_id, pickup_ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, pickup_s, feedback_count, state,
    pickup_business_s);
drop index pull_request_figures_review;
create index pull_request_figures_review on pull_request_figures (organization_id, review_ended_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, review_s, first_approval_at,
    is_flash_reviewed, review_business_s);
drop index pull_request_figures_merged;
create index pull_request_figures_merged on pull_request_figures (organization_id, merged_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, span_left_out, merge_wait_s, cycle_s,
    changed_lines, review_count, feedback_count, answered_after_s, rounds, is_self_merged, is_self_approved_only,
    is_batch_merge, merge_wait_business_s, cycle_business_s);
drop index deployment_change_deployed;
create index deployment_change_deployed on deployment_change (organization_id, deployed_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, is_batch_merge, deploy_s, lead_s,
    deploy_business_s, lead_business_s);
-- Since when anything is known of one repository.
create index pull_request_figures_repository on pull_request_figures (organization_id, repository_id, opened_at);

-- Whose pull request it is: of the teams its author was in when it was opened; of an author in none, of the teams the
-- repository belongs to. Teams above are found when they are asked for.
create table pull_request_team (
  organization_id uuid not null,
  team_id uuid not null,
  pull_request_id uuid not null,
  opened_at timestamptz not null,
  primary key (organization_id, team_id, pull_request_id),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade,
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index pull_request_team_of on pull_request_team (organization_id, pull_request_id) include (team_id);
create index pull_request_team_opened on pull_request_team (organization_id, team_id, opened_at);

-- Who is in a team decides whose a pull request is, and when it is worked on.
create function mark_pull_requests_of_authors(organization uuid, persons uuid[]) returns void language sql as $$
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select p.organization_id, p.id from pull_request p
  where p.organization_id = organization and p.author_id in (
    select c.id from contributor c where c.organization_id = organization and c.id = any(persons)
    union select c.id from contributor c where c.organization_id = organization and c.merged_into = any(persons));
$$;
create function mark_pull_requests_of_team_members() returns trigger language plpgsql as $$
begin
  perform mark_pull_requests_of_authors(organization_id, array_agg(person)) from (
    select m.organization_id, coalesce(c.merged_into, c.id) as person from changed m
      join contributor c on c.organization_id = m.organization_id and c.id = m.contributor_id
    union select m.organization_id, coalesce(c.merged_into, c.id) from changed m
      join contributor c on c.organization_id = m.organization_id and c.member_id = m.member_id) people
  group by organization_id;
  return null;
end $$;
create trigger figures_team_member_insert after insert on team_member
  referencing new table as changed for each statement execute function mark_pull_requests_of_team_members();
create trigger figures_team_member_update after update on team_member
  referencing new table as changed for each statement execute function mark_pull_requests_of_team_members();
create trigger figures_team_member_delete after delete on team_member
  referencing old table as changed for each statement execute function mark_pull_requests_of_team_members();

-- A member is in a team with all accounts of theirs.
create function mark_pull_requests_of_linked_accounts() returns trigger language plpgsql as $$
begin
  perform mark_pull_requests_of_authors(organization_id, array_agg(person)) from (
    select n.organization_id, coalesce(n.merged_into, n.id) as person from changed n
      join former f on f.organization_id = n.organization_id and f.id = n.id
    where n.member_id is distinct from f.member_id) people
  group by organization_id;
  return null;
end $$;
create trigger figures_contributor_member after update on contributor
  referencing old table as former new table as changed
  for each statement execute function mark_pull_requests_of_linked_accounts();

-- Hours, holidays, zone and place of a team hold for all below it.
create function mark_pull_requests_of_teams(organization uuid, teams uuid[]) returns void language sql as $$
  insert into pull_request_to_compute (organization_id, pull_request_id)
  with recursive below as (
    select unnest(teams) as id
    union select t.id from below b join team t on t.organization_id = organization and t.parent_id = b.id)
  select distinct l.organization_id, l.pull_request_id
  from below b join pull_request_team l on l.organization_id = organization and l.team_id = b.id;
$$;
create function mark_pull_requests_of_calendars() returns trigger language plpgsql as $$
begin
  perform mark_pull_requests_of_teams(organization_id, array_agg(distinct team_id)) from changed group by organization_id;
  return null;
end $$;
create function mark_pull_requests_of_changed_teams() returns trigger language plpgsql as $$
begin
  perform mark_pull_requests_of_teams(n.organization_id, array_agg(n.id))
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.time_zone, n.parent_id) is distinct from (f.time_zone, f.parent_id)
  group by n.organization_id;
  return null;
end $$;
create trigger figures_team_hours_insert after insert on team_hours
  referencing new table as changed for each statement execute function mark_pull_requests_of_calendars();
create trigger figures_team_hours_delete after delete on team_hours
  referencing old table as changed for each statement execute function mark_pull_requests_of_calendars();
create trigger figures_team_holiday_insert after insert on team_holiday
  referencing new table as changed for each statement execute function mark_pull_requests_of_calendars();
create trigger figures_team_holiday_delete after delete on team_holiday
  referencing old table as changed for each statement execute function mark_pull_requests_of_calendars();
create trigger figures_team_update after update on team
  referencing old table as former new table as changed
  for each statement execute function mark_pull_requests_of_changed_teams();

create function mark_pull_requests_of_team_repositories() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select p.organization_id, p.id
  from (select distinct organization_id, repository_id from changed) c
  join pull_request p on p.organization_id = c.organization_id and p.repository_id = c.repository_id;
  return null;
end $$;
create trigger figures_team_repository_insert after insert on team_repository
  referencing new table as changed for each statement execute function mark_pull_requests_of_team_repositories();
create trigger figures_team_repository_delete after delete on team_repository
  referencing old table as changed for each statement execute function mark_pull_requests_of_team_repositories();

-- The organization's zone holds for whoever is in no team, and for teams that say no other.
create function mark_pull_requests_of_zone() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select p.organization_id, p.id from changed n
  left join former f on f.organization_id = n.organization_id
  join pull_request p on p.organization_id = n.organization_id
  where coalesce(f.time_zone, 'UTC') <> n.time_zone;
  return null;
end $$;
create trigger figures_zone_update after update on people_settings
  referencing old table as former new table as changed for each statement execute function mark_pull_requests_of_zone();
create function mark_pull_requests_of_first_zone() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_compute (organization_id, pull_request_id)
  select p.organization_id, p.id from changed n join pull_request p on p.organization_id = n.organization_id
  where n.time_zone <> 'UTC';
  return null;
end $$;
create trigger figures_zone_insert after insert on people_settings
  referencing new table as changed for each statement execute function mark_pull_requests_of_first_zone();
