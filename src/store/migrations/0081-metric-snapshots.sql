-- What figures showed of a day, so that a past report can be repeated. A day is UTC's. One row for each metric, repository
-- and day with anything to count: medians of medians are no median, so the values are kept, and the organization's figure
-- is that of all its repositories' values. Rows are only added: what is learned late is a new version beside the old.
create table metric_snapshot (
  organization_id uuid not null references organization (organization_id),
  metric_key text not null,
  day date not null,
  repository_id uuid not null,
  version integer not null,
  taken_at timestamptz not null,
  -- Counted values in ascending order; how many belong here with those that have none; what was left out, by reason.
  "values" float8[] not null,
  total integer not null,
  left_out jsonb not null,
  primary key (organization_id, metric_key, day, repository_id, version),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);
create index metric_snapshot_repository on metric_snapshot (organization_id, repository_id);
create index metric_snapshot_day on metric_snapshot (organization_id, day);

-- How far days have been taken. An organization without a row has none yet.
create table metric_snapshot_state (
  organization_id uuid primary key references organization (organization_id),
  -- The last day that was taken.
  taken_through date not null,
  taken_at timestamptz not null
);

-- Past days whose figures may have changed. Only ever added and taken away, so that nobody waits for anybody.
create table snapshot_day_to_take (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  day date not null,
  primary key (organization_id, id)
);
create index snapshot_day_to_take_day on snapshot_day_to_take (organization_id, day);

-- Days of a pull request on which a figure counts it: those of its moments, and for what lasts those between. Of an update
-- only what differs, so that a comment on an old pull request touches no past day.
create function mark_snapshot_days_of_new_figures() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct c.organization_id, d.day from changed c
  join metric_snapshot_state s on s.organization_id = c.organization_id
  cross join lateral (
    select unnest(array[c.opened_at, c.ready_at, c.pickup_ended_at, c.review_ended_at, c.first_feedback_at, c.merged_at,
      c.ended_at])::timestamptz at time zone 'UTC' as at
    union all select generate_series(greatest(c.ready_at at time zone 'UTC', s.taken_through - 400),
      least(coalesce(c.ended_at at time zone 'UTC', s.taken_through), s.taken_through), interval '1 day')) m
  cross join lateral (select m.at::date as day) d
  where d.day between s.taken_through - 400 and s.taken_through;
  return null;
end $$;
create function mark_snapshot_days_of_changed_figures() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct n.organization_id, d.day
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  join metric_snapshot_state s on s.organization_id = n.organization_id
  cross join lateral (values
    (n.ready_at, f.ready_at, (n.pickup_s, n.coding_s, n.draft_s) is distinct from (f.pickup_s, f.coding_s, f.draft_s)),
    (n.pickup_ended_at, f.pickup_ended_at, (n.pickup_s, n.feedback_count, n.state) is distinct from (f.pickup_s, f.feedback_count, f.state)),
    (n.review_ended_at, f.review_ended_at, (n.review_s, n.is_flash_reviewed, n.changed_lines)
      is distinct from (f.review_s, f.is_flash_reviewed, f.changed_lines)),
    (n.first_feedback_at, f.first_feedback_at, n.answered_after_s is distinct from f.answered_after_s),
    (n.merged_at, f.merged_at, (n.merge_wait_s, n.cycle_s, n.changed_lines, n.review_count, n.feedback_count,
        n.answered_after_s, n.rounds, n.is_self_merged, n.is_self_approved_only, n.span_left_out)
      is distinct from (f.merge_wait_s, f.cycle_s, f.changed_lines, f.review_count, f.feedback_count,
        f.answered_after_s, f.rounds, f.is_self_merged, f.is_self_approved_only, f.span_left_out)),
    (n.ended_at, f.ended_at, n.state is distinct from f.state)) m (at, was, is_other)
  cross join lateral (
    select unnest(array[m.at, m.was]) at time zone 'UTC' as at
    where m.is_other or m.at is distinct from m.was or n.version <> f.version
      or (n.left_out, n.repository_id, n.destination_branch) is distinct from (f.left_out, f.repository_id, f.destination_branch)
  ) t
  cross join lateral (select t.at::date as day) d
  where d.day between s.taken_through - 400 and s.taken_through
  -- What lasts: the days by which its beginning or its end moved.
  union
  select n.organization_id, g.at::date
  from changed n join former f on f.organization_id = n.organization_id and f.pull_request_id = n.pull_request_id
  join metric_snapshot_state s on s.organization_id = n.organization_id
  cross join lateral (values
    (n.ready_at, f.ready_at), (n.ended_at, f.ended_at), (n.first_review_at, f.first_review_at),
    (case when n.left_out is distinct from f.left_out or n.repository_id <> f.repository_id then n.ready_at end,
      case when n.left_out is distinct from f.left_out or n.repository_id <> f.repository_id then n.ended_at end)) m (at, was)
  cross join lateral generate_series(
    greatest(least(coalesce(m.at, s.taken_at), coalesce(m.was, s.taken_at)) at time zone 'UTC', s.taken_through - 400),
    least(greatest(coalesce(m.at, s.taken_at), coalesce(m.was, s.taken_at)) at time zone 'UTC', s.taken_through),
    interval '1 day') g (at)
  where m.at is distinct from m.was;
  return null;
end $$;
create function mark_snapshot_days_of_changes() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct c.organization_id, (c.deployed_at at time zone 'UTC')::date from changed c
  join metric_snapshot_state s on s.organization_id = c.organization_id
  where (c.deployed_at at time zone 'UTC')::date between s.taken_through - 400 and s.taken_through;
  return null;
end $$;
create function mark_snapshot_days_of_deployments() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct c.organization_id, (m.at at time zone 'UTC')::date from changed c
  join metric_snapshot_state s on s.organization_id = c.organization_id
  cross join lateral unnest(array[c.completed_at, c.recovered_at]) m (at)
  where (m.at at time zone 'UTC')::date between s.taken_through - 400 and s.taken_through;
  return null;
end $$;
create trigger snapshot_figures_insert after insert on pull_request_figures
  referencing new table as changed for each statement execute function mark_snapshot_days_of_new_figures();
create trigger snapshot_figures_update after update on pull_request_figures
  referencing old table as former new table as changed for each statement execute function mark_snapshot_days_of_changed_figures();
create trigger snapshot_figures_delete after delete on pull_request_figures
  referencing old table as changed for each statement execute function mark_snapshot_days_of_new_figures();
create trigger snapshot_change_insert after insert on deployment_change
  referencing new table as changed for each statement execute function mark_snapshot_days_of_changes();
create trigger snapshot_change_delete after delete on deployment_change
  referencing old table as changed for each statement execute function mark_snapshot_days_of_changes();
create trigger snapshot_deployment_insert after insert on deployment_figures
  referencing new table as changed for each statement execute function mark_snapshot_days_of_deployments();
create trigger snapshot_deployment_delete after delete on deployment_figures
  referencing old table as changed for each statement execute function mark_snapshot_days_of_deployments();
