-- What the list of vulnerabilities is walked, searched and counted by.

-- Words of title, rule and place, parted at signs and at humps; a file's name and those of advisories are one word besides.
-- Signs are replaced one by one, which costs a sixth of what one expression for all would: imports wait for this.
create function vulnerability_words(title text, rule_id text, path text, aliases text[]) returns tsvector
  language plpgsql immutable parallel safe as $$
declare
  said text := left(title, 500) || ' ' || left(rule_id, 300);
begin
  if path is not null then
    said := said || ' ' || left(path, 1000) || ' ' || left(substring(lower(path) from '[^/]*$'), 200);
  end if;
  said := regexp_replace(said, '(?<=[a-z0-9])(?=[A-Z])', ' ', 'g');
  said := replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(said, '/', ' '), '.', ' '), '_', ' '),
    '-', ' '), ':', ' '), '<', ' '), '&', ' '), '@', ' '), '+', ' '), '\', ' ');
  if cardinality(aliases) > 0 then
    said := said || ' ' || left(replace(array_to_string(aliases, ' '), '-', ' '), 2000)
      || ' ' || left(replace(array_to_string(aliases, ' '), '-', ''), 2000);
  end if;
  return strip(to_tsvector('simple', said));
end $$;

alter table vulnerability
  add column on_default_branch boolean not null default true,
  add column is_open boolean not null
    generated always as (status in ('created', 'identified', 'in_progress', 'awaiting_validation')) stored,
  add column words tsvector not null generated always as (vulnerability_words(title, rule_id, path, aliases)) stored;
update vulnerability v set on_default_branch = false from asset a
  where a.organization_id = v.organization_id and a.id = v.asset_id and a.default_branch <> v.branch;

-- The asset says which branch its figures follow; an order that begins with it needs it in the row.
create function set_on_default_branch() returns trigger language plpgsql as $$
begin
  new.on_default_branch := coalesce((select a.default_branch = new.branch from asset a
    where a.organization_id = new.organization_id and a.id = new.asset_id), true);
  return new;
end $$;
create trigger vulnerability_branch before insert or update of branch, asset_id on vulnerability
  for each row execute function set_on_default_branch();

create function follow_default_branch() returns trigger language plpgsql as $$
begin
  update vulnerability v set on_default_branch = (v.branch = new.default_branch)
    where v.organization_id = new.organization_id and v.asset_id = new.id
      and v.on_default_branch <> (v.branch = new.default_branch);
  return null;
end $$;
create trigger asset_default_branch after update of default_branch on asset
  for each row when (old.default_branch <> new.default_branch) execute function follow_default_branch();

-- Every order the list offers, branch and openness first: a page is as many neighbours of an index, whatever lies beside
-- them. What was merged away is never listed.
drop index vulnerability_updated;
drop index vulnerability_opened;
drop index vulnerability_epss;
create index vulnerability_by_severity on vulnerability (organization_id, on_default_branch, is_open,
  array_position(array['critical', 'high', 'medium', 'low', 'notification'], severity),
  (-coalesce(epss_probability, 0)), opened_at, id) where merged_into is null;
create index vulnerability_by_status on vulnerability (organization_id, on_default_branch, is_open,
  array_position(array['created', 'identified', 'in_progress', 'awaiting_validation', 'fixed', 'risk_accepted', 'false_positive', 'suppressed'], status),
  id) where merged_into is null;
create index vulnerability_by_opened on vulnerability (organization_id, on_default_branch, is_open, opened_at, id)
  where merged_into is null;
create index vulnerability_by_updated on vulnerability (organization_id, on_default_branch, is_open, updated_at, id)
  where merged_into is null;
create index vulnerability_by_due on vulnerability (organization_id, on_default_branch, is_open,
  coalesce(due_at, 'infinity'), id) where merged_into is null;
create index vulnerability_by_number on vulnerability (organization_id, on_default_branch, is_open, number)
  where merged_into is null;
create index vulnerability_by_title on vulnerability (organization_id, on_default_branch, is_open,
  (left(lower(title), 60) collate "C"), id) where merged_into is null;
create index vulnerability_by_epss on vulnerability (organization_id, on_default_branch, is_open,
  coalesce(epss_probability, 0), id) where merged_into is null;
create index asset_by_name on asset (organization_id, (left(lower(name), 60) collate "C"), id);

-- What few rows have is found by what they have.
create index vulnerability_words on vulnerability using gin (words);
create index vulnerability_tags on vulnerability using gin (tags);
create index vulnerability_cwes on vulnerability using gin (cwes);
drop index vulnerability_assignee;
create index vulnerability_assignee on vulnerability (organization_id, assignee_member_id, on_default_branch, is_open);
create index vulnerability_scanner on vulnerability (organization_id, scanner);
create index vulnerability_kind on vulnerability (organization_id, kind);
create index vulnerability_branch on vulnerability (organization_id, branch, on_default_branch);
-- Which branch is a default one is no matter of chance: without this, few are taken for many.
create statistics vulnerability_branches (mcv) on branch, on_default_branch from vulnerability;
-- One asset after the other, in the order of their names.
create index vulnerability_by_asset on vulnerability (organization_id, asset_id, on_default_branch, is_open, id)
  where merged_into is null;
create index vulnerability_by_hand on vulnerability (organization_id, id) where source = 'person';
create index defect_url on defect (organization_id, url) where url is not null;

-- How many vulnerabilities there are of each sort: counts beside filters are sums of these rows. Changes are appended, so
-- that two that change the same sort do not wait for each other, and folded into the counts later; a count is both together.
create table vulnerability_count (
  organization_id uuid not null references organization (organization_id),
  on_default_branch boolean not null,
  severity text not null,
  status text not null,
  scanner text not null,
  kind text not null,
  source text not null,
  amount integer not null,
  primary key (organization_id, on_default_branch, severity, status, scanner, kind, source)
);
create table vulnerability_asset_count (
  organization_id uuid not null references organization (organization_id),
  asset_id uuid not null,
  on_default_branch boolean not null,
  severity text not null,
  status text not null,
  scanner text not null,
  kind text not null,
  source text not null,
  amount integer not null,
  primary key (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source)
);
create table vulnerability_count_change (
  organization_id uuid not null references organization (organization_id),
  id uuid not null default gen_random_uuid(),
  asset_id uuid not null,
  on_default_branch boolean not null,
  severity text not null,
  status text not null,
  scanner text not null,
  kind text not null,
  source text not null,
  amount integer not null,
  primary key (organization_id, id)
);
insert into vulnerability_asset_count
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, count(*)
  from vulnerability where merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8;
insert into vulnerability_count
  select organization_id, on_default_branch, severity, status, scanner, kind, source, sum(amount)
  from vulnerability_asset_count group by 1, 2, 3, 4, 5, 6, 7;

create function count_added_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_count_change
    (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, amount)
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, count(*)
  from added where merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8;
  return null;
end $$;
create function count_removed_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_count_change
    (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, amount)
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, -count(*)
  from removed where merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8;
  return null;
end $$;
create function count_changed_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_count_change
    (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, amount)
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, sum(amount)
  from (
    select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, 1 as amount
      from added where merged_into is null
    union all
    select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, -1
      from removed where merged_into is null
  ) as moved group by 1, 2, 3, 4, 5, 6, 7, 8 having sum(amount) <> 0;
  return null;
end $$;

-- Tags that are or were in use: what a filter offers without reading every vulnerability.
create table vulnerability_tag (
  organization_id uuid not null references organization (organization_id),
  tag text not null,
  primary key (organization_id, tag)
);
insert into vulnerability_tag select distinct organization_id, unnest(tags) from vulnerability where tags <> '{}';
create function keep_tags() returns trigger language plpgsql as $$
begin
  insert into vulnerability_tag (organization_id, tag)
    select distinct organization_id, unnest(tags) from added where tags <> '{}' order by 1, 2 on conflict do nothing;
  return null;
end $$;
create trigger vulnerability_tagged after insert on vulnerability
  referencing new table as added for each statement execute function keep_tags();
create trigger vulnerability_retagged after update on vulnerability
  referencing new table as added for each statement execute function keep_tags();

create trigger vulnerability_added after insert on vulnerability
  referencing new table as added for each statement execute function count_added_vulnerabilities();
create trigger vulnerability_removed after delete on vulnerability
  referencing old table as removed for each statement execute function count_removed_vulnerabilities();
create trigger vulnerability_changed after update on vulnerability
  referencing old table as removed new table as added for each statement execute function count_changed_vulnerabilities();

-- A list as somebody wants to see it again: of one member, or of the organization where there is none.
create table saved_view (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  member_id uuid,
  name text not null,
  -- The list's address behind the question mark.
  search text not null,
  version integer not null default 1,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, created_by) references member (organization_id, id)
);
create unique index saved_view_name on saved_view (organization_id, member_id, lower(name)) nulls not distinct;
create index saved_view_member on saved_view (organization_id, member_id);
create index saved_view_created_by on saved_view (organization_id, created_by);

-- The view a member begins with.
create table default_view (
  organization_id uuid not null,
  member_id uuid not null,
  saved_view_id uuid not null,
  primary key (organization_id, member_id),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, saved_view_id) references saved_view (organization_id, id) on delete cascade
);
create index default_view_of on default_view (organization_id, saved_view_id);
