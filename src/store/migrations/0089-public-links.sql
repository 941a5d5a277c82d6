-- Whether links without a login may be made and answer at all. Without a row they may not.
create table public_link_settings (
  organization_id uuid primary key references organization (organization_id),
  is_on boolean not null,
  updated_at timestamptz not null
);

-- One view of the analytics for whoever has the link. What it shows is frozen here; the address carries the token alone.
create table public_link (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  name text not null,
  -- SHA-256 of the whole token.
  token_hash text not null,
  metric_group text not null,
  -- The period: so many days up to today, or from one moment to another.
  days integer check (days > 0),
  from_at timestamptz,
  to_at timestamptz,
  -- Empty: all of them.
  repository_ids uuid[] not null default '{}',
  branches text[] not null default '{}',
  time_zone text not null,
  shows_titles boolean not null,
  created_by text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  last_opened_at timestamptz,
  primary key (organization_id, id),
  check ((days is null) <> (from_at is null)),
  check ((from_at is null) = (to_at is null) and from_at < to_at)
);
