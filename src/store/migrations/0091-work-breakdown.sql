-- Where the lines come from that a merged pull request changed or took away: what blame says of them before the change.
create table pull_request_breakdown (
  organization_id uuid not null,
  pull_request_id uuid not null,
  -- What was read: as in pull_request_change.
  from_sha text,
  to_sha text not null,
  -- When the last commit of it was written; null where that commit, or one that wrote a line, is not known.
  changed_at timestamptz,
  -- Lines that take the place of none; null where it was not read.
  new_lines integer,
  -- Why it was not read.
  left_out text check (left_out in ('too_many_lines', 'too_slow_to_blame', 'files_missing')),
  primary key (organization_id, pull_request_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade,
  check ((new_lines is null) = (left_out is not null))
);
-- Lines it changed or took away, by the commit that wrote them. Whose they are follows the people of commits.
create table pull_request_origin (
  organization_id uuid not null,
  pull_request_id uuid not null,
  sha text not null,
  lines integer not null check (lines > 0),
  primary key (organization_id, pull_request_id, sha),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);

-- What is learned late has its day taken anew.
create function mark_snapshot_days_of_breakdowns() returns trigger language plpgsql as $$
begin
  insert into snapshot_day_to_take (organization_id, day)
  select distinct f.organization_id, (f.merged_at at time zone 'UTC')::date from changed c
  join pull_request_figures f on f.organization_id = c.organization_id and f.pull_request_id = c.pull_request_id
  join metric_snapshot_state s on s.organization_id = c.organization_id
  where (f.merged_at at time zone 'UTC')::date between s.taken_through - 400 and s.taken_through;
  return null;
end $$;
create trigger snapshot_breakdown_insert after insert on pull_request_breakdown
  referencing new table as changed for each statement execute function mark_snapshot_days_of_breakdowns();
create trigger snapshot_breakdown_update after update on pull_request_breakdown
  referencing new table as changed for each statement execute function mark_snapshot_days_of_breakdowns();
