-- By the name that stands for all of them, the names of one advisory: what is called by GHSA alone is told by its CVE.
create index advisory_alias_leader on advisory_alias (leader);

-- The lines of a bulk change go some time after it ended; what it was and who did it stays.
alter table bulk_change add column items_kept boolean not null default true;
create index bulk_change_kept on bulk_change (organization_id, finished_at) where items_kept and finished_at is not null;
create index deadline_run_finished on deadline_run (organization_id, finished_at) where finished_at is not null;

-- What the files of evidence take in all, those removed not counted: one row, so that two uploads are counted one after the
-- other, and nobody adds up every file for it.
create table evidence_use (
  organization_id uuid primary key references organization (organization_id),
  files integer not null,
  bytes bigint not null
);
insert into evidence_use (organization_id, files, bytes)
  select organization_id, count(*), sum(bytes) from evidence_file where removed_at is null group by 1;

-- Where a table has a trigger before updates, PostgreSQL works out every stored column anew at each of them, also at those it
-- does not depend on, and the words of a vulnerability are dear: that trigger is for what is new alone now. What moves follows
-- after its update.
drop trigger vulnerability_branch on vulnerability;
create trigger vulnerability_branch before insert on vulnerability
  for each row execute function set_on_default_branch();
create function follow_own_branch() returns trigger language plpgsql as $$
begin
  update vulnerability v set on_default_branch = (a.default_branch = v.branch) from asset a
    where v.organization_id = new.organization_id and v.id = new.id
      and a.organization_id = v.organization_id and a.id = v.asset_id and v.on_default_branch <> (a.default_branch = v.branch);
  return null;
end $$;
create trigger vulnerability_moved after update of branch, asset_id on vulnerability for each row
  when (old.branch <> new.branch or old.asset_id <> new.asset_id) execute function follow_own_branch();
