-- Since when the clock of a deadline stands still; null while it runs. due_at and approaches_at are then what they were.
alter table vulnerability add column sla_paused_at timestamptz;
-- What the round that announces looks for: deadlines near or past, and acceptances that end.
create index vulnerability_crossing on vulnerability (organization_id, approaches_at)
  where sla_announced <> 'breached' and status not in ('fixed', 'false_positive', 'suppressed');
create index vulnerability_acceptance on vulnerability (organization_id, accepted_until) where status = 'risk_accepted';
-- When a risk was accepted and taken up again is told by the history; of a million vulnerabilities few have such a one.
create index vulnerability_event_acceptance on vulnerability_event (organization_id, vulnerability_id, created_at, id)
  where before ->> 'status' = 'risk_accepted' or after ->> 'status' = 'risk_accepted';

-- A walk over deadlines that are to be set anew: of the whole organization after its levels changed, of one asset after its
-- business impact changed. What is not finished goes on behind the cursor, whoever stopped.
create table deadline_run (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  asset_id uuid,
  cursor uuid,
  total integer not null default 0,
  done integer not null default 0,
  moved integer not null default 0,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, asset_id) references asset (organization_id, id)
);
create unique index deadline_run_open on deadline_run (organization_id, asset_id) nulls not distinct where finished_at is null;
create index deadline_run_asset on deadline_run (organization_id, asset_id);

-- Calls about deadlines; many at once are one call, about no single vulnerability but a number of them.
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check check (kind in ('message', 'awaiting_validation', 'reopened',
  'sync_failed', 'deadline_approaching', 'deadline_breached', 'acceptance_ending', 'acceptance_due', 'acceptance_ended'));
alter table notification alter column vulnerability_id drop not null;
alter table notification add column vulnerability_count integer;
alter table notification add constraint notification_about check ((vulnerability_id is null) = (vulnerability_count is not null));
