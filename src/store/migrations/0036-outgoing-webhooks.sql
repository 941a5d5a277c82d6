-- Addresses outside that are told what happens here. `kind` says in which form: signed JSON after Standard Webhooks, or a
-- line in a channel of Slack or Microsoft Teams. The whole address is sealed, since those of channels are secrets;
-- `address` is its origin, to be shown.
create table outgoing_webhook (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  name text not null,
  kind text not null check (kind in ('standard', 'slack', 'teams')),
  address text not null,
  sealed_url text not null,
  sealed_secret text,
  sealed_previous_secret text,
  previous_secret_until timestamptz,
  events text[] not null,
  -- Of vulnerabilities below it nothing is told.
  min_severity text not null default 'notification' check (min_severity in ('critical', 'high', 'medium', 'low', 'notification')),
  state text not null check (state in ('active', 'disabled')),
  -- Why Weir disabled it; empty where a person did.
  state_reason text,
  delivered_at timestamptz,
  failing_since timestamptz,
  next_attempt_at timestamptz,
  leased_by uuid,
  leased_until timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  constraint outgoing_webhook_signed check ((kind = 'standard') = (sealed_secret is not null))
);

-- What is to be told to whom, written in the transaction of what happened, and sent one after the other. An event reaches
-- a webhook under its own id, whatever the number of attempts.
create table outgoing_delivery (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  webhook_id uuid not null,
  event_id uuid not null,
  event_type text not null,
  payload text not null,
  state text not null check (state in ('queued', 'delivered', 'failed')),
  attempts integer not null default 0,
  response_status integer,
  response_text text,
  error text,
  created_at timestamptz not null,
  attempted_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, webhook_id, event_id),
  foreign key (organization_id, webhook_id) references outgoing_webhook (organization_id, id) on delete cascade
);
create index outgoing_delivery_queue on outgoing_delivery (organization_id, webhook_id, created_at, event_id) where state = 'queued';
create index outgoing_delivery_log on outgoing_delivery (organization_id, webhook_id, created_at, id);
create index outgoing_delivery_age on outgoing_delivery (organization_id, created_at);

alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check check (kind in ('message', 'awaiting_validation', 'reopened',
  'sync_failed', 'deadline_approaching', 'deadline_breached', 'acceptance_ending', 'acceptance_due', 'acceptance_ended',
  'held_back', 'webhook_disabled'));
-- What is about no vulnerability has neither one nor a number of them.
alter table notification drop constraint notification_about;
alter table notification add constraint notification_about
  check (kind = 'webhook_disabled' or (vulnerability_id is null) = (vulnerability_count is not null));

-- What a member does not want to be called for.
create table notification_mute (
  organization_id uuid not null,
  member_id uuid not null,
  kind text not null,
  primary key (organization_id, member_id, kind),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
