-- What an organization decided about figures of people. Without a row: nothing is shown of one person alone.
create table people_settings (
  organization_id uuid primary key references organization (organization_id),
  has_person_pages boolean not null default false,
  has_rankings boolean not null default false,
  -- Of teams that say no other.
  time_zone text not null default 'UTC',
  updated_at timestamptz not null,
  check (has_person_pages or not has_rankings)
);
