-- Where deployments of a repository are told from, one source in force at a date; without a repository: of every one that
-- has none of its own. Nothing at all is what Bitbucket's own deployments say.
create table deployment_source (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  repository_id uuid,
  kind text not null check (kind in ('bitbucket', 'merge', 'tag', 'pipeline', 'push')),
  -- Of branches, tags or pipelines, `*` for anything. Null where the kind needs none.
  pattern text,
  valid_from timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, repository_id, valid_from),
  foreign key (organization_id, repository_id) references repository (organization_id, id),
  check ((kind in ('merge', 'tag', 'pipeline')) = (pattern is not null))
);

-- How deployments are judged. An organization without a row has the defaults.
create table delivery_rules (
  organization_id uuid primary key references organization (organization_id),
  -- Environments whose name fits are production, whatever Bitbucket calls them.
  production_patterns text[] not null default '{}',
  repair_branches text[] not null default '{hotfix/*,hotfix-*}',
  repair_within_hours integer not null default 24 check (repair_within_hours between 1 and 720),
  counts_failed_deployments boolean not null default false,
  pre_history_days integer not null default 30 check (pre_history_days between 0 and 365),
  updated_at timestamptz not null default now()
);

create table incident (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  repository_id uuid not null,
  -- The deployment that caused it, where somebody knows; else the last success before it began is charged.
  deployment_id uuid,
  source text not null check (source in ('push', 'person')),
  -- As whoever told of it calls it: telling again changes the same one.
  key text not null,
  title text not null,
  web_url text,
  began_at timestamptz not null,
  resolved_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, repository_id, key),
  foreign key (organization_id, repository_id) references repository (organization_id, id),
  foreign key (organization_id, deployment_id) references deployment (organization_id, id),
  check (resolved_at is null or resolved_at >= began_at)
);
create index incident_deployment on incident (organization_id, deployment_id);
create index incident_began on incident (organization_id, began_at);

-- What a person says of a deployment, against every rule.
create table deployment_mark (
  organization_id uuid not null,
  deployment_id uuid not null,
  is_failed boolean,
  is_rework boolean,
  reason text not null,
  member_name text not null,
  at timestamptz not null,
  primary key (organization_id, deployment_id),
  foreign key (organization_id, deployment_id) references deployment (organization_id, id)
);

-- What counts as one production deployment, and what it counts as. Replaced for a repository as a whole.
create table deployment_figures (
  organization_id uuid not null,
  -- The deployment that ended it.
  deployment_id uuid not null,
  repository_id uuid not null,
  outcome text not null check (outcome in ('successful', 'failed', 'stopped')),
  completed_at timestamptz not null,
  -- Tellings that are this one: attempts, steps, regions.
  tellings integer not null,
  changes integer not null,
  is_rollback boolean not null,
  is_rework boolean not null,
  failed_by text check (failed_by in ('manual', 'incident', 'rollback', 'hotfix', 'deploy_failed')),
  recovered_at timestamptz,
  recovery_s integer,
  primary key (organization_id, deployment_id),
  foreign key (organization_id, deployment_id) references deployment (organization_id, id) on delete cascade
);
create index deployment_figures_completed on deployment_figures (organization_id, completed_at)
  include (deployment_id, repository_id, outcome, failed_by, is_rework, is_rollback, recovery_s);
create index deployment_figures_recovered on deployment_figures (organization_id, recovered_at)
  include (deployment_id, repository_id, outcome, failed_by, recovery_s);
create index deployment_figures_repository on deployment_figures (organization_id, repository_id, completed_at);

-- The first production deployment that contains a pull request.
create table deployment_change (
  organization_id uuid not null,
  pull_request_id uuid not null,
  deployment_id uuid not null,
  repository_id uuid not null,
  -- The person after merges of accounts.
  author_id uuid,
  destination_branch text,
  left_out text,
  -- How that is known: from the commits, or only from the moments.
  rule text not null check (rule in ('ancestry', 'time_based')),
  -- Shares its merge commit with another, whose change counts for both.
  is_batch_merge boolean not null,
  deployed_at timestamptz not null,
  -- Null where they would be negative, or the first commit is unknown.
  deploy_s integer,
  lead_s integer,
  primary key (organization_id, pull_request_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id) on delete cascade,
  foreign key (organization_id, deployment_id) references deployment (organization_id, id) on delete cascade
);
create index deployment_change_deployed on deployment_change (organization_id, deployed_at)
  include (pull_request_id, repository_id, author_id, destination_branch, left_out, is_batch_merge, deploy_s, lead_s);
create index deployment_change_deployment on deployment_change (organization_id, deployment_id);
create index deployment_change_repository on deployment_change (organization_id, repository_id);

-- Repositories whose deployments may count as something else. Only ever added and taken away, so that nobody waits.
create table repository_to_compute (
  organization_id uuid not null,
  id uuid not null default gen_random_uuid(),
  repository_id uuid not null,
  primary key (organization_id, id),
  foreign key (organization_id, repository_id) references repository (organization_id, id) on delete cascade
);
create index repository_to_compute_one on repository_to_compute (organization_id, repository_id);

create function mark_repositories_of_facts() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct organization_id, repository_id from changed;
  return null;
end $$;
-- A reading that tells nothing new marks nothing.
create function mark_repositories_of_deployments() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct n.organization_id, n.repository_id
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.environment_id, n.pipeline_uuid, n.commit, n.commit_sha, n.state, n.completed_at)
    is distinct from (f.environment_id, f.pipeline_uuid, f.commit, f.commit_sha, f.state, f.completed_at);
  return null;
end $$;
create function mark_repositories_of_environments() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct n.organization_id, n.repository_id
  from changed n join former f on f.organization_id = n.organization_id and f.id = n.id
  where (n.name, n.remote_kind, n.kind_override) is distinct from (f.name, f.remote_kind, f.kind_override);
  return null;
end $$;
create function mark_repositories_of_marks() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct d.organization_id, d.repository_id
  from changed m join deployment d on d.organization_id = m.organization_id and d.id = m.deployment_id;
  return null;
end $$;
-- A source without a repository is of all of them.
create function mark_repositories_of_sources() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select distinct r.organization_id, r.id
  from changed s join repository r on r.organization_id = s.organization_id and r.id = coalesce(s.repository_id, r.id);
  return null;
end $$;
create function mark_repositories_of_rules() returns trigger language plpgsql as $$
begin
  insert into repository_to_compute (organization_id, repository_id)
  select r.organization_id, r.id from changed c join repository r on r.organization_id = c.organization_id;
  return null;
end $$;
create trigger deployments_insert after insert on deployment
  referencing new table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_update after update on deployment
  referencing old table as former new table as changed for each statement execute function mark_repositories_of_deployments();
create trigger deployments_environment after update on environment
  referencing old table as former new table as changed for each statement execute function mark_repositories_of_environments();
create trigger deployments_incident_insert after insert on incident
  referencing new table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_incident_update after update on incident
  referencing new table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_incident_delete after delete on incident
  referencing old table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_figures_insert after insert on pull_request_figures
  referencing new table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_figures_update after update on pull_request_figures
  referencing new table as changed for each statement execute function mark_repositories_of_facts();
create trigger deployments_mark_insert after insert on deployment_mark
  referencing new table as changed for each statement execute function mark_repositories_of_marks();
create trigger deployments_mark_update after update on deployment_mark
  referencing new table as changed for each statement execute function mark_repositories_of_marks();
create trigger deployments_mark_delete after delete on deployment_mark
  referencing old table as changed for each statement execute function mark_repositories_of_marks();
create trigger deployments_source_insert after insert on deployment_source
  referencing new table as changed for each statement execute function mark_repositories_of_sources();
create trigger deployments_source_update after update on deployment_source
  referencing new table as changed for each statement execute function mark_repositories_of_sources();
create trigger deployments_source_delete after delete on deployment_source
  referencing old table as changed for each statement execute function mark_repositories_of_sources();
create trigger deployments_rules_insert after insert on delivery_rules
  referencing new table as changed for each statement execute function mark_repositories_of_rules();
create trigger deployments_rules_update after update on delivery_rules
  referencing new table as changed for each statement execute function mark_repositories_of_rules();

insert into repository_to_compute (organization_id, repository_id) select distinct organization_id, repository_id from deployment;
