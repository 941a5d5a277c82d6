-- What is known of a repository's copy on disk. The copy itself may be deleted at any time, or lie on another machine.
create table git_mirror (
  organization_id uuid not null,
  repository_id uuid not null,
  -- The host left out large files.
  is_partial boolean not null,
  size_bytes bigint not null,
  -- Times the host was asked by git, which it counts apart from requests.
  operations integer not null,
  -- Up to where commits are written down: what branches, tags and commits that lost theirs stood at.
  heads text[] not null default '{}',
  fetched_at timestamptz not null,
  primary key (organization_id, repository_id),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);

alter table pull_request
  -- Full name of the source's head, where the clone knows it.
  add column source_sha text,
  -- State and heads from which commits and sizes were last found.
  add column commits_read_of text,
  -- What of them could not be found, or was guessed.
  add column commit_flags text[] not null default '{}';
