-- What a vulnerability that people find again and again begins with. Placeholders in its texts: {{asset}}, {{branch}}.
create table vulnerability_template (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  name text not null,
  title text not null,
  description text not null default '',
  remediation text not null default '',
  kind text not null default 'code' check (kind in ('code', 'dependency', 'secret', 'configuration', 'web')),
  cwes integer[] not null default '{}',
  impact smallint not null check (impact between 1 and 3),
  probability smallint not null check (probability between 1 and 3),
  tags text[] not null default '{}',
  version integer not null default 1,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, name),
  foreign key (organization_id, created_by) references member (organization_id, id)
);
create index vulnerability_template_created_by on vulnerability_template (organization_id, created_by);

-- A file that shows something of a vulnerability. What was removed leaves its line: who and when stay, the bytes go.
create table evidence_file (
  organization_id uuid not null,
  id uuid not null,
  vulnerability_id uuid not null,
  name text not null,
  media_type text not null,
  bytes integer not null check (bytes > 0),
  sha256 text not null,
  -- The decision it was given as a reason of.
  decision text check (decision in ('risk_accepted', 'false_positive')),
  added_by uuid not null,
  added_by_name text not null,
  created_at timestamptz not null,
  removed_by_name text,
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, added_by) references member (organization_id, id)
);
create index evidence_file_of on evidence_file (organization_id, vulnerability_id, created_at, id);
create index evidence_file_added_by on evidence_file (organization_id, added_by);

-- Its bytes, sealed, in pieces.
create table evidence_file_chunk (
  organization_id uuid not null,
  evidence_file_id uuid not null,
  position integer not null,
  data bytea not null,
  primary key (organization_id, evidence_file_id, position),
  foreign key (organization_id, evidence_file_id) references evidence_file (organization_id, id) on delete cascade
);
