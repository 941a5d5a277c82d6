-- The command a developer's comment has had its effect by, so that it has it once, however often the comment is edited.
alter table message add column command text check (command in ('done', 'ask', 'help', 'incomplete'));

-- What the remote is to be told of the commit an import scanned: the newest one of each branch, since what is told is what
-- is open on the branch now. `version` goes up with each import, so that one that comes while it is sent is told as well.
create table commit_report (
  organization_id uuid not null,
  id uuid not null,
  asset_id uuid not null,
  branch text not null,
  import_id uuid not null,
  commit_hash text,
  pull_request_id text,
  version integer not null default 1,
  state text not null check (state in ('queued', 'done', 'failed')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  error text,
  -- The commit that carries our report.
  reported_hash text,
  queued_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, asset_id, branch),
  foreign key (organization_id, asset_id) references asset (organization_id, id) on delete cascade,
  foreign key (organization_id, import_id) references import (organization_id, id) on delete cascade
);
create index commit_report_import on commit_report (organization_id, import_id);
create index commit_report_due on commit_report (next_attempt_at) where state = 'queued';

-- The one comment a pull request has of what is new in it. `removed`: somebody deleted it, and it is not made again.
create table pull_request_summary (
  organization_id uuid not null,
  id uuid not null,
  asset_id uuid not null,
  pull_request_id text not null,
  state text not null check (state in ('begun', 'written', 'removed')),
  comment_id text,
  body_hash text,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, asset_id, pull_request_id),
  foreign key (organization_id, asset_id) references asset (organization_id, id) on delete cascade
);
