-- What went wrong at each attempt, with its time: [{at, code, sentence}], the latest twenty.
alter table operation add column attempt_log jsonb not null default '[]';
alter table delivery add column attempt_log jsonb not null default '[]';
-- What failed for good is counted at every look at the menu.
create index operation_failed on operation (organization_id, connection_id) where state = 'failed';
create index delivery_failed on delivery (organization_id, connection_id) where state = 'failed';

-- How often in a row the remote could not be reached, since when, and, while nothing else is tried, when the next probe is.
alter table connection
  add column failures_in_row integer not null default 0,
  add column failing_since timestamptz,
  add column probe_at timestamptz,
  -- The nearest of 30, 7 and 1 days before its end that people were told of.
  add column expiry_warned_days integer,
  -- Since when the host answers that its own issue tracker is withdrawn.
  add column issues_gone_at timestamptz;
create index connection_ending on connection (expires_at) where expires_at is not null;
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check check (kind in ('message', 'awaiting_validation', 'reopened',
  'sync_failed', 'deadline_approaching', 'deadline_breached', 'acceptance_ending', 'acceptance_due', 'acceptance_ended',
  'held_back', 'webhook_disabled', 'credential_ending'));
alter table notification drop constraint notification_about;
alter table notification add constraint notification_about check ((vulnerability_id is null) = (vulnerability_count is not null)
  or kind in ('webhook_disabled', 'credential_ending'));

-- Comparisons of both sides. Differences: [{vulnerability_id, kind, sentence}], at most a hundred; the counts are of all.
create table reconciliation (
  organization_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  -- Who asked for it; empty for the schedule.
  member_name text,
  is_full boolean not null,
  items integer not null,
  requests integer not null,
  healed integer not null,
  conflicts integer not null,
  needs_you integer not null,
  differences jsonb not null default '[]',
  error text,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references connection (organization_id, id)
);
create index reconciliation_recent on reconciliation (organization_id, connection_id, started_at desc, id);
create index reconciliation_age on reconciliation (organization_id, started_at);

-- What a repository was called before it was renamed or moved to another workspace, and when that was seen.
alter table repository add column former_name text, add column renamed_at timestamptz;
