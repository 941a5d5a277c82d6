-- What is read of one repository (or, where repository_id is null, of a connection's workspaces) in one go: how far it
-- came, what it cost, and what stops it. A pass goes on at `cursor` after any interruption.
create table feed (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  connection_id uuid not null,
  repository_id uuid,
  kind text not null check (kind in ('members', 'pull_requests', 'activity', 'pipelines', 'deployments', 'environments', 'commits')),
  state text not null default 'waiting' check (state in ('waiting', 'reading', 'fresh', 'forbidden', 'failed', 'off')),
  -- full: everything there is; increment: down to the watermark; reconcile: one page that proves nothing was missed.
  pass text not null default 'full' check (pass in ('full', 'increment', 'reconcile')),
  -- Where the running pass goes on: the remote's own next link, less its origin. Null between passes.
  cursor text,
  -- Up to when everything is known, and what it becomes when the running pass ends.
  watermark timestamptz,
  next_watermark timestamptz,
  pages_read integer not null default 0,
  -- As the remote tells with a first page, or as the sizes of other listings say; null where nobody knows.
  pages_expected integer,
  records_read integer not null default 0,
  records_bad integer not null default 0,
  requests_spent integer not null default 0,
  missing_scope text,
  error text,
  attempts integer not null default 0,
  next_attempt_at timestamptz not null default now(),
  pass_started_at timestamptz,
  completed_at timestamptz,
  reconciled_at timestamptz,
  -- Records that the last reconciliation found missing or older than at the remote.
  reconciled_missing integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, connection_id, repository_id, kind),
  foreign key (organization_id, connection_id) references connection (organization_id, id),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);
create index feed_due on feed (organization_id, state, next_attempt_at);
create index feed_repository on feed (organization_id, repository_id);

-- An answer as it came, compressed: a changed formula reads these again and asks the remote for nothing.
create table raw_page (
  organization_id uuid not null,
  id uuid not null,
  feed_id uuid not null,
  read_at timestamptz not null,
  records integer not null,
  body bytea not null,
  primary key (organization_id, id),
  foreign key (organization_id, feed_id) references feed (organization_id, id)
);
create index raw_page_feed on raw_page (organization_id, feed_id, id);

-- A record that could not be understood: kept, counted and listed; it never stops a read.
create table bad_record (
  organization_id uuid not null,
  id uuid not null,
  feed_id uuid not null,
  raw_page_id uuid,
  -- What the remote calls it, as far as that could be read.
  remote_key text,
  reason text not null,
  body text not null,
  seen_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, feed_id) references feed (organization_id, id),
  foreign key (organization_id, raw_page_id) references raw_page (organization_id, id)
);
create index bad_record_feed on bad_record (organization_id, feed_id, id);
create index bad_record_page on bad_record (organization_id, raw_page_id);

create table pull_request (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  repository_id uuid not null,
  remote_id integer not null,
  title text not null,
  description text not null default '',
  -- Null where the remote names nobody any more: counted as unknown, never dropped.
  author_id uuid,
  closed_by_id uuid,
  state text not null check (state in ('open', 'merged', 'declined', 'superseded')),
  is_draft boolean not null default false,
  source_branch text,
  destination_branch text,
  -- Heads as the remote abbreviates them; the clone finds the full names.
  source_commit text,
  merge_commit text,
  merge_sha text,
  opened_at timestamptz not null,
  remote_updated_at timestamptz not null,
  merged_at timestamptz,
  closed_at timestamptz,
  comment_count integer not null default 0,
  task_count integer not null default 0,
  -- Own commits before a squash, and their changed lines without ignored paths; null until the clone was asked.
  commit_count integer,
  first_commit_at timestamptz,
  lines_added integer,
  lines_removed integer,
  files_changed integer,
  web_url text not null default '',
  -- Why a person or a rule keeps it out of the figures.
  excluded_reason text,
  excluded_by text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, repository_id, remote_id),
  foreign key (organization_id, repository_id) references repository (organization_id, id),
  foreign key (organization_id, author_id) references contributor (organization_id, id),
  foreign key (organization_id, closed_by_id) references contributor (organization_id, id)
);
create index pull_request_merged on pull_request (organization_id, merged_at) where merged_at is not null;
create index pull_request_open on pull_request (organization_id, repository_id, opened_at) where state = 'open';
create index pull_request_author on pull_request (organization_id, author_id, opened_at);
create index pull_request_closed_by on pull_request (organization_id, closed_by_id);
create index pull_request_merge_sha on pull_request (organization_id, repository_id, merge_sha);

-- What happened to a pull request, each thing once however often and in whatever order it is told.
create table pull_request_event (
  organization_id uuid not null,
  pull_request_id uuid not null,
  kind text not null check (kind in ('opened', 'ready', 'drafted', 'commit_pushed', 'comment', 'task', 'approval', 'approval_removed', 'changes_requested', 'changes_request_removed', 'merged', 'declined', 'superseded', 'reopened', 'edited')),
  -- What makes it the same thing: the comment's or task's id, the head pushed, the reviewer and the moment.
  remote_key text not null,
  at timestamptz not null,
  contributor_id uuid,
  -- Of a comment: the one it answers, the place it stands at, whether it is gone.
  parent_key text,
  path text,
  is_deleted boolean not null default false,
  -- Of a push: the new head as the remote abbreviates it.
  commit text,
  primary key (organization_id, pull_request_id, kind, remote_key),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id),
  foreign key (organization_id, contributor_id) references contributor (organization_id, id)
);
create index pull_request_event_at on pull_request_event (organization_id, at);
create index pull_request_event_contributor on pull_request_event (organization_id, contributor_id, at);

create table pull_request_reviewer (
  organization_id uuid not null,
  pull_request_id uuid not null,
  contributor_id uuid not null,
  -- Asked to review, or took part without being asked.
  role text not null check (role in ('reviewer', 'participant')),
  state text check (state in ('approved', 'changes_requested')),
  participated_at timestamptz,
  primary key (organization_id, pull_request_id, contributor_id),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id),
  foreign key (organization_id, contributor_id) references contributor (organization_id, id)
);
create index pull_request_reviewer_contributor on pull_request_reviewer (organization_id, contributor_id);

create table commit (
  organization_id uuid not null,
  repository_id uuid not null,
  sha text not null,
  author_id uuid,
  author_email text,
  author_name text,
  authored_at timestamptz not null,
  committed_at timestamptz not null,
  message text not null default '',
  parents text[] not null default '{}',
  lines_added integer,
  lines_removed integer,
  files_changed integer,
  primary key (organization_id, repository_id, sha),
  foreign key (organization_id, repository_id) references repository (organization_id, id),
  foreign key (organization_id, author_id) references contributor (organization_id, id)
);
create index commit_authored on commit (organization_id, authored_at);
create index commit_author on commit (organization_id, author_id, authored_at);

create table pull_request_commit (
  organization_id uuid not null,
  pull_request_id uuid not null,
  repository_id uuid not null,
  sha text not null,
  primary key (organization_id, pull_request_id, sha),
  foreign key (organization_id, pull_request_id) references pull_request (organization_id, id),
  foreign key (organization_id, repository_id, sha) references commit (organization_id, repository_id, sha)
);
create index pull_request_commit_sha on pull_request_commit (organization_id, repository_id, sha);

create table pipeline (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  repository_id uuid not null,
  remote_uuid text not null,
  number integer not null,
  creator_id uuid,
  ref_type text,
  ref_name text,
  -- Custom pipelines have a pattern for a name.
  name text,
  commit_sha text,
  trigger_kind text,
  state text not null check (state in ('pending', 'in_progress', 'paused', 'completed')),
  result text check (result in ('successful', 'failed', 'error', 'stopped', 'expired')),
  started_at timestamptz not null,
  completed_at timestamptz,
  duration_s integer,
  build_s integer,
  primary key (organization_id, id),
  unique (organization_id, repository_id, remote_uuid),
  foreign key (organization_id, repository_id) references repository (organization_id, id),
  foreign key (organization_id, creator_id) references contributor (organization_id, id)
);
create index pipeline_completed on pipeline (organization_id, completed_at);
create index pipeline_creator on pipeline (organization_id, creator_id);

create table environment (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  repository_id uuid not null,
  remote_uuid text not null,
  name text not null,
  -- What the remote says it is, and what a person says instead.
  remote_kind text not null check (remote_kind in ('test', 'staging', 'production', 'other')),
  kind_override text check (kind_override in ('test', 'staging', 'production', 'other')),
  gone_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, repository_id, remote_uuid),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);

create table deployment (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  repository_id uuid not null,
  environment_id uuid not null,
  source text not null check (source in ('bitbucket', 'merge', 'tag', 'pipeline', 'push')),
  -- What makes it the same one: the remote's UUID, the merge, the tag, the pipeline, or the key it was pushed with.
  remote_key text not null,
  -- Several steps, regions and attempts of one pipeline to one environment are one deployment: its last attempt counts.
  pipeline_uuid text,
  name text,
  commit text,
  commit_sha text,
  state text not null check (state in ('undeployed', 'in_progress', 'successful', 'failed', 'stopped')),
  started_at timestamptz,
  completed_at timestamptz,
  remote_updated_at timestamptz,
  web_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, repository_id, source, remote_key),
  foreign key (organization_id, repository_id) references repository (organization_id, id),
  foreign key (organization_id, environment_id) references environment (organization_id, id)
);
create index deployment_completed on deployment (organization_id, completed_at);
create index deployment_environment on deployment (organization_id, environment_id, completed_at);

alter table request_budget drop constraint request_budget_lane_check,
  add constraint request_budget_lane_check check (lane in ('person', 'webhook', 'status', 'bulk', 'collect'));
