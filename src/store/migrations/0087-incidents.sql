-- Which issues of a connection with Jira are incidents, as an organization says, and how far they were read.
create table incident_filter (
  organization_id uuid not null,
  connection_id uuid not null,
  jql text not null,
  -- A field of the issue that names its repository; without it labels and components do.
  repository_field text,
  -- Where an issue names none; null: such an issue is counted here and is no incident.
  default_repository_id uuid,
  -- Everything changed up to then was read; null: all of it is to be read.
  read_until timestamptz,
  -- The last time all of it was read: what fits no more is taken away then.
  full_read_at timestamptz,
  next_read_at timestamptz not null default now(),
  read_at timestamptz,
  attempts integer not null default 0,
  error text,
  -- Issues that name no repository of ours, and some of their keys.
  unplaced integer not null default 0,
  unplaced_keys text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, connection_id),
  foreign key (organization_id, connection_id) references connection (organization_id, id),
  foreign key (organization_id, default_repository_id) references repository (organization_id, id)
);
create index incident_filter_due on incident_filter (next_read_at);
create index incident_filter_repository on incident_filter (organization_id, default_repository_id);

alter table incident
  drop constraint incident_source_check,
  add constraint incident_source_check check (source in ('push', 'person', 'jira')),
  add column severity text,
  -- Of the connection it was read from.
  add column connection_id uuid,
  add constraint incident_connection foreign key (organization_id, connection_id) references connection (organization_id, id);
create index incident_of_connection on incident (organization_id, connection_id, key);
create index incident_resolved on incident (organization_id, resolved_at) include (id, repository_id, began_at);
create index incident_listed on incident (organization_id, began_at desc, id desc);
