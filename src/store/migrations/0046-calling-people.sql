-- Calls also leave Weir: by e-mail, Slack or Microsoft Teams. A call that a member wants outside alone is no line of the inbox.
alter table notification add column in_app boolean not null default true;
alter table notification drop constraint notification_kind_check;
alter table notification add constraint notification_kind_check check (kind in ('message', 'mentioned', 'assigned', 'new_critical',
  'awaiting_validation', 'reopened', 'sync_failed', 'deadline_approaching', 'deadline_breached', 'acceptance_ending',
  'acceptance_due', 'acceptance_ended', 'held_back', 'webhook_disabled', 'credential_ending'));

-- Where a member decided otherwise than what holds for everybody.
create table notification_choice (
  organization_id uuid not null,
  member_id uuid not null,
  kind text not null,
  channel text not null check (channel in ('in_app', 'email', 'slack', 'teams')),
  wanted boolean not null,
  primary key (organization_id, member_id, kind, channel),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
insert into notification_choice (organization_id, member_id, kind, channel, wanted)
  select organization_id, member_id, kind, 'in_app', false from notification_mute;
drop table notification_mute;

-- When a member reads the day's digest, and until when the last one told. Without a zone it is the organization's.
create table notification_rhythm (
  organization_id uuid not null,
  member_id uuid not null,
  digest_hour smallint not null default 8 check (digest_hour between 0 and 23),
  time_zone text,
  digested_until timestamptz,
  primary key (organization_id, member_id),
  foreign key (organization_id, member_id) references member (organization_id, id)
);

-- A chat of a member's own. The whole address is a secret and sealed; `address` is its origin, to be shown.
create table member_chat (
  organization_id uuid not null,
  member_id uuid not null,
  channel text not null check (channel in ('slack', 'teams')),
  address text not null,
  sealed_url text not null,
  -- Why the last message did not arrive; empty when it did.
  error text,
  -- Since when the receiver wants no more: nothing is sent until the address is given anew.
  ended_at timestamptz,
  primary key (organization_id, member_id, channel),
  foreign key (organization_id, member_id) references member (organization_id, id)
);

-- One message that leaves Weir. What it says is read when it is sent, from the calls it tells: what was read, withdrawn or
-- lost meanwhile is not in it. Its id is its Message-ID, whatever the number of attempts.
create table outgoing_call (
  organization_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  channel text not null check (channel in ('email', 'slack', 'teams')),
  is_digest boolean not null,
  state text not null check (state in ('queued', 'sent', 'failed', 'empty')),
  attempts integer not null default 0,
  error text,
  next_attempt_at timestamptz,
  leased_by uuid,
  leased_until timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
create index outgoing_call_queue on outgoing_call (created_at, id) where state = 'queued';
create index outgoing_call_member on outgoing_call (organization_id, member_id, channel, created_at);
create index outgoing_call_recent on outgoing_call (organization_id, channel, ended_at desc);
create index outgoing_call_age on outgoing_call (organization_id, created_at);

-- By which channels a call is still to be told, and by which message it is.
create table outgoing_call_item (
  organization_id uuid not null,
  notification_id uuid not null,
  channel text not null check (channel in ('email', 'slack', 'teams')),
  member_id uuid not null,
  at_once boolean not null,
  outgoing_call_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, notification_id, channel),
  foreign key (organization_id, notification_id) references notification (organization_id, id) on delete cascade,
  foreign key (organization_id, outgoing_call_id) references outgoing_call (organization_id, id) on delete cascade
);
create index outgoing_call_item_call on outgoing_call_item (organization_id, outgoing_call_id) where outgoing_call_id is not null;
create index outgoing_call_item_waiting on outgoing_call_item (at_once, created_at) where outgoing_call_id is null;
create index outgoing_call_item_member on outgoing_call_item (organization_id, member_id, channel) where outgoing_call_id is null;
