-- A pull request's scan is compared with its target as well: what stands there already is known, and is nobody's work here.
alter table import
  add column target_branch text,
  add column pull_request_id text;
alter table import_item drop constraint import_item_outcome_check;
alter table import_item add constraint import_item_outcome_check
  check (outcome in ('new', 'merged', 'kept', 'reopened', 'closed', 'suppressed', 'skipped', 'known'));

-- Names of one advisory, from the file an administrator loaded: each with the name that stands for all of them. They belong
-- to the installation, as the scores do.
create table advisory_alias (
  name text primary key,
  leader text not null
);

-- Vulnerabilities of one group were taken apart by a person: no import and no alias file puts them together again.
alter table vulnerability add column apart_group uuid;
create index vulnerability_apart on vulnerability (organization_id, apart_group) where apart_group is not null;
create index vulnerability_merged_into on vulnerability (organization_id, merged_into) where merged_into is not null;

-- Whether a vulnerability takes its words from this finding. One that came by a merge is evidence beside it.
alter table finding add column tells boolean not null default true;

-- What was put together or taken apart, so that it can be taken back. Findings went from one to the other: of a merge
-- `from_id` is what was merged, of a split `to_id` is what was made.
create table regrouping (
  organization_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('merge', 'split')),
  from_id uuid not null,
  to_id uuid not null,
  -- Of the one that stays: what the regrouping changed, as it was before.
  state_before jsonb not null default '{}',
  created_at timestamptz not null,
  undone_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, from_id) references vulnerability (organization_id, id) on delete cascade,
  foreign key (organization_id, to_id) references vulnerability (organization_id, id) on delete cascade
);
create index regrouping_from on regrouping (organization_id, from_id);
create index regrouping_to on regrouping (organization_id, to_id);

create table regrouped_finding (
  organization_id uuid not null,
  regrouping_id uuid not null,
  finding_id uuid not null,
  told_before boolean not null,
  primary key (organization_id, regrouping_id, finding_id),
  foreign key (organization_id, regrouping_id) references regrouping (organization_id, id) on delete cascade,
  foreign key (organization_id, finding_id) references finding (organization_id, id) on delete cascade
);
create index regrouped_finding_of on regrouped_finding (organization_id, finding_id);
