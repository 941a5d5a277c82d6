-- What became of the places of a fixed vulnerability, looked up in the history between the last scan that saw it and the
-- first that did not: the commit that took the line is that of the pull request that remedied it.
create table removed_place (
  organization_id uuid not null,
  vulnerability_id uuid not null,
  finding_id uuid not null,
  repository_id uuid not null,
  path text not null,
  line integer not null,
  -- Commits as the scans named them; null where they named none.
  seen_in text,
  gone_in text,
  -- 'wanted': to be looked up. 'kept': the line is where it was, as it was. 'unknown': nobody can say, see the reason.
  state text not null default 'wanted' check (state in ('wanted', 'removed', 'changed', 'kept', 'unknown')),
  -- Why it was not found out, also while it is to be tried again.
  reason text,
  -- The first commit of the branch after which the line is not there, and where it stood right before.
  removed_in text,
  removed_path text,
  removed_line integer,
  -- The pull request whose merge that was, where the remote was asked and there is no copy to find it in.
  removed_by uuid,
  attempts smallint not null default 0,
  next_look_at timestamptz not null,
  looked_at timestamptz,
  primary key (organization_id, vulnerability_id, finding_id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id) on delete cascade,
  foreign key (organization_id, finding_id) references finding (organization_id, id) on delete cascade,
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade,
  foreign key (organization_id, removed_by) references pull_request (organization_id, id),
  check ((state in ('removed', 'changed')) = (removed_in is not null)),
  check (state <> 'unknown' or reason is not null)
);
create index removed_place_finding on removed_place (organization_id, finding_id);
create index removed_place_repository on removed_place (organization_id, repository_id, state);
create index removed_place_by on removed_place (organization_id, removed_by) where removed_by is not null;
create index removed_place_due on removed_place (organization_id, next_look_at) where state = 'wanted';

-- What was found out may link, or take a link away.
create function mark_vulnerabilities_of_places() returns trigger language plpgsql as $$
begin
  insert into vulnerability_to_follow (organization_id, vulnerability_id)
  select distinct n.organization_id, n.vulnerability_id from changed n
    join former f on f.organization_id = n.organization_id and f.vulnerability_id = n.vulnerability_id
      and f.finding_id = n.finding_id
  where n.state <> 'wanted' and (n.state, n.removed_in) is distinct from (f.state, f.removed_in);
  return null;
end $$;
create trigger follow_place_update after update on removed_place
  referencing old table as former new table as changed for each statement execute function mark_vulnerabilities_of_places();

-- Keys that stand in the tasks of a pull request. The tasks themselves are not kept.
alter table pull_request
  add column task_keys text[] not null default '{}',
  -- Since when its tasks are to be read; null while nothing of them may have changed.
  add column tasks_wanted_at timestamptz;
create index pull_request_tasks_wanted on pull_request (organization_id, repository_id, tasks_wanted_at)
  where tasks_wanted_at is not null;
alter table pull_request_key drop constraint pull_request_key_place_check;
alter table pull_request_key add constraint pull_request_key_place_check
  check (place in ('branch', 'title', 'description', 'commit', 'comment', 'task'));
create or replace function mark_reworded_pull_requests() returns trigger language plpgsql as $$
begin
  insert into pull_request_to_read (organization_id, pull_request_id)
  select n.organization_id, n.id from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.title, n.description, n.source_branch, n.task_keys) is distinct from
    (f.title, f.description, f.source_branch, f.task_keys);
  return null;
end $$;
