-- What the security gate asks: how much is open on a branch by severity, and how old it is.
create index vulnerability_gate on vulnerability (organization_id, asset_id, branch, severity, opened_at)
  where merged_into is null and status in ('created', 'identified', 'in_progress', 'awaiting_validation');

-- The risk score of an asset as it was worked out last, with what it is made of.
create table asset_score (
  organization_id uuid not null references organization (organization_id),
  asset_id uuid not null,
  -- Of the formula.
  version smallint not null,
  -- Null: nothing was imported for the default branch yet.
  score double precision check (score between 0 and 100),
  -- Open vulnerabilities of the default branch.
  open integer not null,
  contributions jsonb not null default '[]',
  heaviest jsonb not null default '[]',
  scored_at timestamptz not null,
  primary key (organization_id, asset_id),
  foreign key (organization_id, asset_id) references asset (organization_id, id) on delete cascade
);

-- One row a day (UTC): the last score of that day.
create table asset_score_day (
  organization_id uuid not null,
  asset_id uuid not null,
  day date not null,
  version smallint not null,
  score double precision,
  open integer not null,
  primary key (organization_id, asset_id, day),
  foreign key (organization_id, asset_id) references asset (organization_id, id) on delete cascade
);

create table organization_score_day (
  organization_id uuid not null references organization (organization_id),
  day date not null,
  version smallint not null,
  score double precision,
  open integer not null,
  primary key (organization_id, day)
);

-- Assets whose score may have changed. A row is only ever added and taken away, so that nobody waits for anybody: many
-- rows for one asset are one asset to score.
create table asset_to_score (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  asset_id uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, asset_id) references asset (organization_id, id) on delete cascade
);
create index asset_to_score_asset on asset_to_score (organization_id, asset_id);

-- Marked here and not by each use case: whatever changes a vulnerability, an asset or an import changes the score.
create function mark_assets_to_score() returns trigger language plpgsql as $$
begin
  insert into asset_to_score (organization_id, asset_id) select distinct organization_id, asset_id from changed;
  return null;
end $$;
create function mark_asset_itself_to_score() returns trigger language plpgsql as $$
begin
  insert into asset_to_score (organization_id, asset_id) select organization_id, id from changed;
  return null;
end $$;
create trigger scores_vulnerability_insert after insert on vulnerability
  referencing new table as changed for each statement execute function mark_assets_to_score();
create trigger scores_vulnerability_update after update on vulnerability
  referencing new table as changed for each statement execute function mark_assets_to_score();
create trigger scores_vulnerability_delete after delete on vulnerability
  referencing old table as changed for each statement execute function mark_assets_to_score();
create trigger scores_import_insert after insert on import
  referencing new table as changed for each statement execute function mark_assets_to_score();
create trigger scores_import_update after update on import
  referencing new table as changed for each statement execute function mark_assets_to_score();
create trigger scores_asset_insert after insert on asset
  referencing new table as changed for each statement execute function mark_asset_itself_to_score();
create trigger scores_asset_update after update on asset
  referencing new table as changed for each statement execute function mark_asset_itself_to_score();
