-- What a team agreed on, of pull requests at their merge. Without a team it is the whole organization's.
create table working_agreement (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  team_id uuid,
  kind text not null check (kind in ('first_review_within', 'reviewed_before_merge', 'size_at_most', 'linked_key')),
  is_on boolean not null,
  -- Hours or lines; null where the kind needs none.
  threshold integer check (threshold > 0),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, team_id, kind),
  foreign key (organization_id, team_id) references team (organization_id, id) on delete cascade,
  check ((threshold is not null) = (kind in ('first_review_within', 'size_at_most')))
);
