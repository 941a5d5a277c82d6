-- What kind of work pull requests are: the first rule that fits says so.
create table investment_rule (
  organization_id uuid not null references organization (organization_id),
  position smallint not null check (position >= 0),
  category text not null,
  field text not null check (field in ('branch', 'title', 'repository')),
  -- `*` for anything, whatever the case; and the same for SQL's `like`.
  pattern text not null,
  like_pattern text not null,
  primary key (organization_id, position)
);
