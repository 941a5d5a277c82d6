-- What else a policy asks for: any kind, branch and standing against the deadline where the list is empty. What one import
-- brings beyond `max_per_run` is held back: counted here until somebody sends it.
alter table policy
  add column kinds text[] not null default '{}'
    check (kinds <@ array['code', 'dependency', 'secret', 'configuration', 'web']),
  add column branches text[] not null default '{}',
  add column sla_states text[] not null default '{}' check (sla_states <@ array['on_track', 'approaching', 'breached']),
  add column max_per_run integer not null default 100 check (max_per_run between 1 and 10000),
  add column held_back integer not null default 0 check (held_back >= 0),
  add column held_back_at timestamptz;

alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check check (kind in ('message', 'awaiting_validation', 'reopened',
  'sync_failed', 'deadline_approaching', 'deadline_breached', 'acceptance_ending', 'acceptance_due', 'acceptance_ended',
  'held_back'));
