-- The week's figures, by mail or into a member's chat. Which channels a member wants stands in notification_choice, under
-- the kind weekly_digest; here is when they read it.
create table weekly_digest (
  organization_id uuid not null,
  member_id uuid not null,
  -- ISO 8601: Monday is 1, Sunday 7.
  weekday smallint not null default 1 check (weekday between 1 and 7),
  hour smallint not null default 8 check (hour between 0 and 23),
  -- Since when the member wants it by a choice of their own; null: as the organization has it.
  on_since timestamptz,
  -- The end of the last week that was told.
  told_to timestamptz,
  primary key (organization_id, member_id),
  foreign key (organization_id, member_id) references member (organization_id, id)
);

-- Whether members who chose nothing get it by mail: since when, null for not at all. Without a row they do not.
create table weekly_digest_settings (
  organization_id uuid primary key references organization (organization_id),
  on_since timestamptz,
  updated_at timestamptz not null
);

-- A message that tells a week instead of calls.
alter table outgoing_call add column week_from timestamptz, add column week_to timestamptz,
  add constraint outgoing_call_week check ((week_from is null) = (week_to is null) and week_from < week_to);

create index notification_choice_weekly on notification_choice (organization_id, member_id) where kind = 'weekly_digest' and wanted;
-- What was fixed in a week; what was opened has an index.
create index vulnerability_fixed on vulnerability (organization_id, fixed_at) where fixed_at is not null;
