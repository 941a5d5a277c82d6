create table team (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  parent_id uuid,
  name text not null,
  -- Of the IANA database; null: that of the team above, at the top the organization's.
  time_zone text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, parent_id) references team (organization_id, id),
  check (parent_id <> id)
);
create unique index team_name on team (organization_id, lower(name));
create index team_parent on team (organization_id, parent_id);

-- When a team works, by what clocks in its zone show. A team without any row works as the one above.
create table team_hours (
  organization_id uuid not null,
  team_id uuid not null,
  -- ISO 8601: Monday is 1, Sunday 7.
  weekday smallint not null check (weekday between 1 and 7),
  -- Minutes since midnight; the end is not in it.
  from_minute smallint not null check (from_minute >= 0),
  to_minute smallint not null check (to_minute <= 1440),
  primary key (organization_id, team_id, weekday),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade,
  check (from_minute < to_minute)
);

-- Days off of a team and of all below it.
create table team_holiday (
  organization_id uuid not null,
  team_id uuid not null,
  day date not null,
  name text not null,
  primary key (organization_id, team_id, day),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade
);

-- Who is in a team, and when: an account, or a member with all accounts of theirs. Days are UTC's; `to_day` is the first
-- one after. Without `from_day` it was always so.
create table team_member (
  organization_id uuid not null,
  id uuid not null,
  team_id uuid not null,
  contributor_id uuid,
  member_id uuid,
  role text not null check (role in ('member', 'champion')),
  from_day date,
  to_day date,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade,
  foreign key (organization_id, contributor_id) references contributor (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  check ((contributor_id is null) <> (member_id is null)),
  check (from_day < to_day)
);
create index team_member_team on team_member (organization_id, team_id);
create index team_member_contributor on team_member (organization_id, contributor_id);
create index team_member_member on team_member (organization_id, member_id);

create table team_repository (
  organization_id uuid not null,
  team_id uuid not null,
  repository_id uuid not null,
  primary key (organization_id, team_id, repository_id),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade,
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);
create index team_repository_of on team_repository (organization_id, repository_id);
