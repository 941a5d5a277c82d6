-- From found to fixed in production: which pull request remedies which vulnerability, and what is made of it.

-- Keys (WEIR-12, SHOP-12) that stand as words in a comment. The words themselves are not kept.
alter table pull_request_event add column keys text[] not null default '{}';

alter table defect
  -- What people call the item in their own texts, and the pull request a thread sits on.
  add column item_key text generated always as (
    case when tracker = 'jira' then upper(substring(url from '/browse/([A-Za-z][A-Za-z0-9_]*-[0-9]+)')) end) stored,
  add column item_pull_request integer generated always as (
    case when remote_id ~ '^pull_request:[0-9]{1,9}:' then split_part(remote_id, ':', 2)::integer end) stored;
create index defect_item_key on defect (organization_id, item_key) where item_key is not null;
create index defect_item_pull_request on defect (organization_id, repository_id, item_pull_request)
  where item_pull_request is not null;

-- Keys that the texts of a pull request name, in capitals, by where they stand.
create table pull_request_key (
  organization_id uuid not null,
  pull_request_id uuid not null,
  key text not null,
  place text not null check (place in ('branch', 'title', 'description', 'commit', 'comment')),
  primary key (organization_id, pull_request_id, key, place),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index pull_request_key_key on pull_request_key (organization_id, key, pull_request_id);

-- Pull requests whose texts may name other keys. Rows are only ever added and taken away, so that nobody waits.
create table pull_request_to_read (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  pull_request_id uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index pull_request_to_read_one on pull_request_to_read (organization_id, pull_request_id);

-- The pull requests that remedy a vulnerability: what the rules say and a person did not take away, and what a person added.
create table remediation_link (
  organization_id uuid not null,
  vulnerability_id uuid not null,
  pull_request_id uuid not null,
  -- 'branch', 'title', 'description', 'commit', 'comment' (its key stands there), 'thread', 'scan', 'person'.
  rules text[] not null,
  primary key (organization_id, vulnerability_id, pull_request_id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id) on delete cascade,
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index remediation_link_pull_request on remediation_link (organization_id, pull_request_id, vulnerability_id);

-- What people said of a link, each word of theirs kept: the latest one counts.
create table remediation_decision (
  organization_id uuid not null,
  id uuid not null,
  vulnerability_id uuid not null,
  pull_request_id uuid not null,
  -- Null: what the rules say counts again.
  is_linked boolean,
  member_name text not null,
  at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id) on delete cascade,
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade
);
create index remediation_decision_of on remediation_decision (organization_id, vulnerability_id, pull_request_id, at);
create index remediation_decision_pull_request on remediation_decision (organization_id, pull_request_id);

-- The first production deployment that contains the commit of a scan.
create table deployed_scan (
  organization_id uuid not null,
  repository_id uuid not null,
  commit_hash text not null,
  deployment_id uuid not null,
  deployed_at timestamptz not null,
  primary key (organization_id, repository_id, commit_hash),
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade,
  foreign key (organization_id, deployment_id) references deployment (organization_id, id) on delete cascade
);
create index deployed_scan_deployment on deployed_scan (organization_id, deployment_id);

-- Vulnerabilities whose way to production may have changed.
create table vulnerability_to_follow (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  vulnerability_id uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id) on delete cascade
);
create index vulnerability_to_follow_one on vulnerability_to_follow (organization_id, vulnerability_id);

create function mark_new_pull_requests_to_read() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_read (organization_id, pull_request_id) select organization_id, id from changed;
  return null;
end $$;
create function mark_reworded_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_read (organization_id, pull_request_id)
  select n.organization_id, n.id from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.title, n.description, n.source_branch) is distinct from (f.title, f.description, f.source_branch);
  return null;
end $$;
create function mark_commented_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_read (organization_id, pull_request_id)
  select distinct organization_id, pull_request_id from changed where keys <> '{}';
  return null;
end $$;
create function mark_pull_requests_of_commits() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_read (organization_id, pull_request_id)
  select distinct organization_id, pull_request_id from changed;
  return null;
end $$;
create trigger keys_pull_request_insert after insert on pull_request
  referencing new table as changed for each statement execute function mark_new_pull_requests_to_read();
create trigger keys_pull_request_update after update on pull_request
  referencing old table as former new table as changed for each statement execute function mark_reworded_pull_requests();
create trigger keys_event_insert after insert on pull_request_event
  referencing new table as changed for each statement execute function mark_commented_pull_requests();
create trigger keys_event_update after update on pull_request_event
  referencing new table as changed for each statement execute function mark_commented_pull_requests();
create trigger keys_commit_insert after insert on pull_request_commit
  referencing new table as changed for each statement execute function mark_pull_requests_of_commits();
create trigger keys_commit_delete after delete on pull_request_commit
  referencing old table as changed for each statement execute function mark_pull_requests_of_commits();

create function mark_new_vulnerabilities_to_follow() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id) select organization_id, id from changed;
  return null;
end $$;
-- A scan that sees the same again marks nothing.
create function mark_changed_vulnerabilities() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select n.organization_id, n.id from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.asset_id, n.on_default_branch, n.severity, n.status, n.opened_at, n.due_at, n.fixed_at, n.merged_into)
    is distinct from
    (f.asset_id, f.on_default_branch, f.severity, f.status, f.opened_at, f.due_at, f.fixed_at, f.merged_into);
  return null;
end $$;
create function mark_vulnerabilities_of_facts() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct organization_id, vulnerability_id from changed where vulnerability_id is not null;
  return null;
end $$;
create function mark_vulnerabilities_of_events() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct organization_id, vulnerability_id from changed where actor_kind in ('member', 'remote') or kind = 'status';
  return null;
end $$;
create function mark_vulnerabilities_of_defects() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct n.organization_id, n.vulnerability_id
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.vulnerability_id, n.url, n.remote_id, n.unlinked_at) is distinct from (f.vulnerability_id, f.url, f.remote_id, f.unlinked_at);
  return null;
end $$;
create function mark_vulnerabilities_of_assets() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select v.organization_id, v.id
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
    join vulnerability v on v.organization_id = n.organization_id and v.asset_id = n.id
  where n.repository_id is distinct from f.repository_id;
  return null;
end $$;
create function mark_vulnerabilities_of_keys() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select v.organization_id, v.id from changed c join vulnerability v on v.organization_id = c.organization_id
    and v.number = case when c.key ~ '^WEIR-[0-9]{1,9}$' then substr(c.key, 6)::integer end
  union
  select d.organization_id, d.vulnerability_id from changed c join defect d on d.organization_id = c.organization_id
    and d.item_key = c.key;
  return null;
end $$;
-- What is linked, what has a thread there, and what a scan ended not long after such a merge.
create function mark_vulnerabilities_of_figures() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select l.organization_id, l.vulnerability_id from changed c
    join remediation_link l on l.organization_id = c.organization_id and l.pull_request_id = c.pull_request_id
  union
  select d.organization_id, d.vulnerability_id from changed c
    join pull_request p on p.organization_id = c.organization_id and p.id = c.pull_request_id
    join defect d on d.organization_id = p.organization_id and d.repository_id = p.repository_id
      and d.item_pull_request = p.remote_id
  union
  select v.organization_id, v.id from (
      select organization_id, repository_id, min(merged_at) as first, max(merged_at) as last from changed
      where merged_at is not null group by organization_id, repository_id) c
    join asset a on a.organization_id = c.organization_id and a.repository_id = c.repository_id
    join vulnerability v on v.organization_id = a.organization_id and v.asset_id = a.id and v.status = 'fixed'
      and v.fixed_at >= c.first and v.fixed_at < c.last + interval '30 days';
  return null;
end $$;
-- A repository's deployments are replaced as a whole, its changes with them.
create function mark_vulnerabilities_of_deployments() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct l.organization_id, l.vulnerability_id
  from (select distinct organization_id, repository_id from changed) c
    join pull_request_figures p on p.organization_id = c.organization_id and p.repository_id = c.repository_id
    join remediation_link l on l.organization_id = p.organization_id and l.pull_request_id = p.pull_request_id;
  return null;
end $$;
create function mark_vulnerabilities_of_scans() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct f.organization_id, f.vulnerability_id from changed c
    join asset a on a.organization_id = c.organization_id and a.repository_id = c.repository_id
    join import i on i.organization_id = a.organization_id and i.asset_id = a.id and i.commit_hash = c.commit_hash
    join finding f on f.organization_id = i.organization_id and f.first_import_id = i.id;
  return null;
end $$;
-- A scan of a commit nobody asked about yet: which deployment contains it is worked out with the deployments.
create function mark_repositories_of_scans() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct a.organization_id, a.repository_id from changed c
    join asset a on a.organization_id = c.organization_id and a.id = c.asset_id
  where c.state = 'applied' and c.commit_hash is not null and a.repository_id is not null
    and exists (select from deployment d where d.organization_id = a.organization_id and d.repository_id = a.repository_id)
    and not exists (select from deployed_scan s where s.organization_id = a.organization_id
      and s.repository_id = a.repository_id and s.commit_hash = c.commit_hash);
  return null;
end $$;
create trigger follow_vulnerability_insert after insert on vulnerability
  referencing new table as changed for each statement execute function mark_new_vulnerabilities_to_follow();
create trigger follow_vulnerability_update after update on vulnerability
  referencing old table as former new table as changed for each statement execute function mark_changed_vulnerabilities();
create trigger follow_event_insert after insert on vulnerability_event
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_events();
create trigger follow_defect_insert after insert on defect
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_facts();
create trigger follow_defect_update after update on defect
  referencing old table as former new table as changed for each statement execute function mark_vulnerabilities_of_defects();
create trigger follow_defect_delete after delete on defect
  referencing old table as changed for each statement execute function mark_vulnerabilities_of_facts();
create trigger follow_asset_update after update on asset
  referencing old table as former new table as changed for each statement execute function mark_vulnerabilities_of_assets();
create trigger follow_decision_insert after insert on remediation_decision
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_facts();
create trigger follow_key_insert after insert on pull_request_key
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_keys();
create trigger follow_key_delete after delete on pull_request_key
  referencing old table as changed for each statement execute function mark_vulnerabilities_of_keys();
create trigger follow_figures_insert after insert on pull_request_figures
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_figures();
create trigger follow_figures_update after update on pull_request_figures
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_figures();
create trigger follow_deployments_insert after insert on deployment_figures
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_deployments();
create trigger follow_deployments_delete after delete on deployment_figures
  referencing old table as changed for each statement execute function mark_vulnerabilities_of_deployments();
create trigger follow_scan_insert after insert on deployed_scan
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_scans();
create trigger follow_scan_update after update on deployed_scan
  referencing new table as changed for each statement execute function mark_vulnerabilities_of_scans();
create trigger follow_scan_delete after delete on deployed_scan
  referencing old table as changed for each statement execute function mark_vulnerabilities_of_scans();
create trigger deployments_import_insert after insert on import
  referencing new table as changed for each statement execute function mark_repositories_of_scans();
create trigger deployments_import_update after update on import
  referencing new table as changed for each statement execute function mark_repositories_of_scans();

-- What was there before this.
insert into pull_request_to_read (organization_id, pull_request_id) select organization_id, id from pull_request;
insert into vulnerability_to_follow (organization_id, vulnerability_id) select organization_id, id from vulnerability;
insert into repository_to_compute (organization_id, repository_id) select distinct organization_id, repository_id from deployment_figures;
