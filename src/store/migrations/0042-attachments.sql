-- Files that people attach to messages are kept like files of evidence: sealed, in pieces, within the same room.
alter table evidence_file add column purpose text not null default 'evidence' check (purpose in ('evidence', 'attachment'));

-- A file in a thread. One of ours is kept here; one that stands at a remote stays there, and is fetched when it is opened.
create table attachment (
  organization_id uuid not null,
  id uuid not null,
  vulnerability_id uuid not null,
  -- Null until the message it was chosen for is written.
  message_id uuid,
  -- Null for one that stands at a remote.
  evidence_file_id uuid,
  name text not null,
  media_type text not null,
  -- Null where the remote does not say.
  bytes bigint,
  added_by uuid,
  created_at timestamptz not null,
  removed_by_name text,
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, message_id) references message (organization_id, id),
  foreign key (organization_id, evidence_file_id) references evidence_file (organization_id, id),
  foreign key (organization_id, added_by) references member (organization_id, id),
  check (message_id is not null or added_by is not null)
);
create index attachment_message on attachment (organization_id, message_id, created_at, id);
create index attachment_vulnerability on attachment (organization_id, vulnerability_id);
create index attachment_file on attachment (organization_id, evidence_file_id);
create index attachment_added_by on attachment (organization_id, added_by);
create index attachment_staged on attachment (organization_id, created_at) where message_id is null;

-- Where a file stands in a tracker. `linked`: the tracker takes no such file, so that its comment leads to Weir instead.
create table attachment_link (
  organization_id uuid not null,
  id uuid not null,
  attachment_id uuid not null,
  defect_id uuid not null,
  direction text not null check (direction in ('in', 'out')),
  remote_id text,
  url text,
  state text not null check (state in ('sent', 'linked', 'removed')),
  -- Why it is only linked.
  reason text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (organization_id, id),
  unique (organization_id, attachment_id, defect_id),
  foreign key (organization_id, attachment_id) references attachment (organization_id, id) on delete cascade,
  foreign key (organization_id, defect_id) references defect (organization_id, id)
);
create index attachment_link_defect on attachment_link (organization_id, defect_id);
-- Bitbucket knows files by their names: one that was removed may come again.
create unique index attachment_link_remote on attachment_link (organization_id, defect_id, remote_id)
  where remote_id is not null and state <> 'removed';
