-- Whether a vulnerability has a live item stands in its row: the list is filtered and counted by it.
alter table vulnerability add column is_sent boolean not null default false;

-- Counts are kept by it, too. Primary keys get it last, so that no reader of the others changes.
alter table vulnerability_count add column is_sent boolean not null default false;
alter table vulnerability_count drop constraint vulnerability_count_pkey,
  add primary key (organization_id, on_default_branch, severity, status, scanner, kind, source, is_sent);
alter table vulnerability_asset_count add column is_sent boolean not null default false;
alter table vulnerability_asset_count drop constraint vulnerability_asset_count_pkey,
  add primary key (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent);
alter table vulnerability_count_change add column is_sent boolean not null default false;

create or replace function count_added_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_count_change
    (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, amount)
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, count(*)
  from added where merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
  return null;
end $$;
create or replace function count_removed_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_count_change
    (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, amount)
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, -count(*)
  from removed where merged_into is null group by 1, 2, 3, 4, 5, 6, 7, 8, 9;
  return null;
end $$;
create or replace function count_changed_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_count_change
    (organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, amount)
  select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, sum(amount)
  from (
    select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, 1 as amount
      from added where merged_into is null
    union all
    select organization_id, asset_id, on_default_branch, severity, status, scanner, kind, source, is_sent, -1
      from removed where merged_into is null
  ) as moved group by 1, 2, 3, 4, 5, 6, 7, 8, 9 having sum(amount) <> 0;
  return null;
end $$;

-- Whoever makes or ends an item holds its vulnerability already; locks are taken in the order of ids, as everywhere.
create function mark_sent(organization uuid, vulnerabilities uuid[]) returns void language plpgsql as $$
begin
  perform from vulnerability v where v.organization_id = organization and v.id = any(vulnerabilities)
    order by v.id for no key update;
  update vulnerability v set is_sent = not v.is_sent
    where v.organization_id = organization and v.id = any(vulnerabilities)
      and v.is_sent <> exists (select from defect d where d.organization_id = v.organization_id
        and d.vulnerability_id = v.id and d.ended_at is null);
end $$;
create function mark_sent_by_defects() returns trigger language plpgsql as $$
begin
  perform mark_sent(organization_id, array_agg(vulnerability_id)) from changed group by organization_id;
  return null;
end $$;
create function mark_sent_by_defect() returns trigger language plpgsql as $$
begin
  perform mark_sent(new.organization_id, array[old.vulnerability_id, new.vulnerability_id]);
  return null;
end $$;
create trigger defect_made after insert on defect
  referencing new table as changed for each statement execute function mark_sent_by_defects();
create trigger defect_removed after delete on defect
  referencing old table as changed for each statement execute function mark_sent_by_defects();
-- Most updates of an item end nothing, and have no business in the vulnerability's row.
create trigger defect_ended after update on defect for each row
  when (old.ended_at is distinct from new.ended_at or old.vulnerability_id <> new.vulnerability_id)
  execute function mark_sent_by_defect();

-- What was sent before this. The triggers of an update count it where it belongs from now on.
update vulnerability v set is_sent = true where exists (select from defect d
  where d.organization_id = v.organization_id and d.vulnerability_id = v.id and d.ended_at is null);
create index vulnerability_sent on vulnerability (organization_id, on_default_branch, is_open)
  where is_sent and merged_into is null;
