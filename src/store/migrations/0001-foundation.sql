-- The first schema. Laws (docs/adr/0002): every tenant table has organization_id not null; its primary key, every
-- unique key and every foreign key to a tenant table begin with it. Ids are UUIDv7 made by the application.

-- Unsharded: one small set for the whole installation -----------------------------------------------------------

create table instance (
  singleton boolean primary key default true check (singleton),
  instance_id uuid not null,
  setup_token_hash text,
  setup_done_at timestamptz,
  created_at timestamptz not null default now()
);

create table auth_user (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table auth_session (
  id uuid primary key,
  user_id uuid not null references auth_user (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  active_organization_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index auth_session_user on auth_session (user_id);

create table auth_account (
  id uuid primary key,
  user_id uuid not null references auth_user (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index auth_account_user on auth_account (user_id);

create table auth_verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index auth_verification_identifier on auth_verification (identifier);

-- Which organizations a user may enter: the one look-up that starts without an organization.
create table auth_membership (
  user_id uuid not null references auth_user (id) on delete cascade,
  organization_id uuid not null,
  primary key (user_id, organization_id)
);

-- Access ---------------------------------------------------------------------------------------------------------

create table organization (
  organization_id uuid primary key,
  name text not null,
  is_demo boolean not null default false,
  next_vulnerability_number integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table member (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  user_id uuid not null,
  name text not null,
  email text not null,
  role text not null check (role in ('admin', 'champion', 'developer', 'viewer')),
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, user_id)
);

create table invitation (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  email text not null,
  role text not null check (role in ('admin', 'champion', 'developer', 'viewer')),
  token_hash text not null,
  invited_by uuid,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, invited_by) references member (organization_id, id)
);
create index invitation_invited_by on invitation (organization_id, invited_by);

create table api_token (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  member_id uuid not null,
  name text not null,
  prefix text not null,
  token_hash text not null,
  scopes text[] not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
create index api_token_member on api_token (organization_id, member_id);

create table audit_event (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  actor_kind text not null check (actor_kind in ('member', 'api_token', 'system', 'cli')),
  actor_id uuid,
  actor_name text not null,
  action text not null,
  target_kind text,
  target_id uuid,
  before jsonb,
  after jsonb,
  ip_address text,
  created_at timestamptz not null default now(),
  primary key (organization_id, id)
);

create table idempotency_key (
  organization_id uuid not null references organization (organization_id),
  principal_id uuid not null,
  key text not null,
  request_hash text not null,
  status integer,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (organization_id, principal_id, key)
);
create index idempotency_key_age on idempotency_key (organization_id, created_at);

-- Remotes --------------------------------------------------------------------------------------------------------

create table oauth_consumer (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  kind text not null check (kind in ('bitbucket')),
  client_id text not null,
  sealed_client_secret text not null,
  api_url text not null,
  web_url text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, kind, client_id)
);

create table oauth_authorization (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  oauth_consumer_id uuid not null,
  member_id uuid not null,
  session_id uuid not null,
  state_hash text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, oauth_consumer_id) references oauth_consumer (organization_id, id),
  foreign key (organization_id, member_id) references member (organization_id, id)
);
create index oauth_authorization_consumer on oauth_authorization (organization_id, oauth_consumer_id);
create index oauth_authorization_member on oauth_authorization (organization_id, member_id);

create table connection (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  kind text not null check (kind in ('bitbucket')),
  auth_kind text not null check (auth_kind in ('oauth', 'api_token', 'access_token', 'app_password')),
  name text not null,
  api_url text not null,
  web_url text not null,
  oauth_consumer_id uuid,
  workspace_uuid text,
  workspace_slug text,
  workspace_name text,
  remote_account_uuid text,
  remote_account_name text,
  sealed_credential text not null,
  credential_version integer not null default 1,
  scopes_granted text[] not null default '{}',
  scopes_missing text[] not null default '{}',
  state text not null check (state in ('active', 'limited', 'unauthorized', 'unreachable', 'disconnected')),
  state_reason text,
  -- Whether the host still has its own issue tracker, and whether the account may make a workspace webhook.
  has_issues boolean not null default false,
  is_administrator boolean not null default false,
  paused_until timestamptz,
  -- Length of the last pause after a 429 without Retry-After; doubled by the next one, 0 after a success.
  pause_seconds integer not null default 0,
  setup_progress jsonb not null default '{}',
  expires_at timestamptz,
  checked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, oauth_consumer_id) references oauth_consumer (organization_id, id)
);
create index connection_oauth_consumer on connection (organization_id, oauth_consumer_id);

create table repository (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  connection_id uuid not null,
  remote_uuid text not null,
  workspace_uuid text not null,
  workspace_slug text not null,
  slug text not null,
  name text not null,
  description text not null default '',
  main_branch text,
  is_private boolean not null default true,
  has_issues boolean not null default false,
  language text,
  web_url text not null,
  state text not null default 'here' check (state in ('here', 'renamed', 'forbidden', 'gone')),
  remote_updated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, remote_uuid),
  foreign key (organization_id, connection_id) references connection (organization_id, id)
);
create index repository_connection on repository (organization_id, connection_id, slug);

create table webhook (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  connection_id uuid not null,
  subject text not null check (subject in ('workspace', 'repository')),
  repository_id uuid,
  remote_uuid text,
  url text not null,
  sealed_secret text not null,
  sealed_previous_secret text,
  previous_secret_until timestamptz,
  events text[] not null,
  health text not null check (health in ('pending', 'ok', 'inactive', 'missing', 'forbidden', 'changed', 'removed')),
  health_reason text,
  last_delivery_at timestamptz,
  checked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, connection_id) references connection (organization_id, id),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);
create unique index webhook_subject on webhook (organization_id, connection_id, subject, repository_id) nulls not distinct
  where health <> 'removed';
create index webhook_connection on webhook (organization_id, connection_id);
create index webhook_repository on webhook (organization_id, repository_id);

-- Requests reserved in windows of five minutes: the rolling hour is the sum of the last twelve and the present one.
create table request_budget (
  organization_id uuid not null references organization (organization_id),
  connection_id uuid not null,
  window_start timestamptz not null,
  lane text not null check (lane in ('person', 'webhook', 'status', 'bulk')),
  spent integer not null default 0,
  primary key (organization_id, connection_id, window_start, lane),
  foreign key (organization_id, connection_id) references connection (organization_id, id)
);

-- Security -------------------------------------------------------------------------------------------------------

create table asset (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  key text not null,
  name text not null,
  repository_id uuid,
  default_branch text not null,
  business_impact text not null default 'medium' check (business_impact in ('low', 'medium', 'high')),
  exposure text not null default 'internal' check (exposure in ('internal', 'internet')),
  data_classes text[] not null default '{}',
  tags text[] not null default '{}',
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, key),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);
create index asset_repository_all on asset (organization_id, repository_id);
create unique index asset_repository on asset (organization_id, repository_id) where archived_at is null;

-- asset row beats default row (both asset_id and branch null); a branch row beats both.
create table route (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  asset_id uuid,
  branch text,
  tracker text not null,
  connection_id uuid,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, asset_id, branch),
  foreign key (organization_id, asset_id) references asset (organization_id, id),
  foreign key (organization_id, connection_id) references connection (organization_id, id)
);
create index route_connection on route (organization_id, connection_id);

create table policy (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  name text not null,
  enabled boolean not null default true,
  min_severity text not null check (min_severity in ('critical', 'high', 'medium', 'low', 'notification')),
  asset_ids uuid[] not null default '{}',
  tags text[] not null default '{}',
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id)
);

create table import (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  asset_id uuid not null,
  branch text not null,
  commit_hash text,
  format text,
  tool text,
  tool_version text,
  scope text not null default 'full' check (scope in ('full', 'partial')),
  state text not null check (state in ('previewed', 'held', 'applied', 'unchanged', 'undone', 'failed', 'discarded')),
  reason text,
  error_code text,
  counts jsonb not null default '{}',
  unread jsonb not null default '[]',
  file_name text not null,
  file_sha256 text not null,
  file_bytes bigint not null,
  source text not null check (source in ('browser', 'cli', 'api')),
  created_by_member_id uuid,
  created_by_token_id uuid,
  applied_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, asset_id) references asset (organization_id, id)
);
create index import_asset on import (organization_id, asset_id, branch, created_at desc);
create index import_file on import (organization_id, asset_id, branch, file_sha256);

-- The report itself, gzip in pieces, while a preview or a held import waits for its decision.
create table import_file_chunk (
  organization_id uuid not null,
  import_id uuid not null,
  position integer not null,
  data bytea not null,
  primary key (organization_id, import_id, position),
  foreign key (organization_id, import_id) references import (organization_id, id) on delete cascade
);

create table vulnerability (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  number integer not null,
  asset_id uuid not null,
  branch text not null,
  title text not null,
  description text not null default '',
  severity text not null check (severity in ('critical', 'high', 'medium', 'low', 'notification')),
  severity_source text not null check (severity_source in ('cvss', 'tool', 'person')),
  cvss_vector text,
  cvss_score numeric(3, 1),
  cwes integer[] not null default '{}',
  aliases text[] not null default '{}',
  scanner text not null,
  rule_id text not null,
  path text,
  line integer,
  status text not null check (status in ('created', 'identified', 'in_progress', 'awaiting_validation', 'fixed', 'risk_accepted', 'false_positive', 'suppressed')),
  status_reason text,
  accepted_until date,
  assignee_member_id uuid,
  version integer not null default 1,
  opened_at timestamptz not null,
  due_at timestamptz,
  fixed_at timestamptz,
  last_seen_at timestamptz not null,
  merged_into uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, number),
  foreign key (organization_id, asset_id) references asset (organization_id, id),
  foreign key (organization_id, assignee_member_id) references member (organization_id, id)
);
create index vulnerability_asset on vulnerability (organization_id, asset_id, branch, status);
create index vulnerability_status on vulnerability (organization_id, status, severity);
create index vulnerability_updated on vulnerability (organization_id, updated_at desc, id);
create index vulnerability_opened on vulnerability (organization_id, opened_at desc, id);
create index vulnerability_assignee on vulnerability (organization_id, assignee_member_id);

create table finding (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  asset_id uuid not null,
  branch text not null,
  vulnerability_id uuid not null,
  scanner text not null,
  format text not null,
  rule_id text not null,
  title text not null,
  message text not null default '',
  severity text not null check (severity in ('critical', 'high', 'medium', 'low', 'notification')),
  cvss_vector text,
  cwes integer[] not null default '{}',
  aliases text[] not null default '{}',
  path text,
  start_line integer,
  end_line integer,
  start_column integer,
  snippet text,
  help_uri text,
  tool_key text,
  tool_index integer not null default 0,
  content_key text not null,
  content_index integer not null default 0,
  -- Digest of everything a report may refresh: unchanged findings are not written again.
  body_hash text not null,
  active boolean not null default true,
  evidence jsonb not null default '{}',
  commit_hash text,
  first_import_id uuid not null,
  last_import_id uuid not null,
  last_step text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, asset_id) references asset (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, first_import_id) references import (organization_id, id),
  foreign key (organization_id, last_import_id) references import (organization_id, id)
);
create index finding_identity on finding (organization_id, asset_id, branch, scanner, active);
create index finding_vulnerability on finding (organization_id, vulnerability_id);
create index finding_first_import on finding (organization_id, first_import_id);
create index finding_last_import on finding (organization_id, last_import_id);

create table import_item (
  organization_id uuid not null,
  import_id uuid not null,
  position integer not null,
  finding_id uuid,
  outcome text not null check (outcome in ('new', 'kept', 'reopened', 'closed', 'suppressed', 'skipped')),
  step text not null,
  label text not null,
  detail text,
  state_before jsonb,
  primary key (organization_id, import_id, position),
  foreign key (organization_id, import_id) references import (organization_id, id),
  foreign key (organization_id, finding_id) references finding (organization_id, id)
);
create index import_item_finding on import_item (organization_id, finding_id);

create table vulnerability_event (
  organization_id uuid not null,
  id uuid not null,
  vulnerability_id uuid not null,
  kind text not null,
  actor_kind text not null check (actor_kind in ('member', 'scan', 'remote', 'system')),
  actor_id uuid,
  actor_name text not null,
  reason text,
  before jsonb,
  after jsonb,
  import_id uuid,
  defect_id uuid,
  created_at timestamptz not null,
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id)
);
create index vulnerability_event_of on vulnerability_event (organization_id, vulnerability_id, created_at, id);

-- Sync -----------------------------------------------------------------------------------------------------------

create table defect (
  organization_id uuid not null references organization (organization_id),
  id uuid not null,
  vulnerability_id uuid not null,
  tracker text not null,
  connection_id uuid not null,
  repository_id uuid not null,
  container_id text not null,
  remote_id text,
  remote jsonb not null default '{}',
  url text,
  link text not null check (link in ('pending', 'ok', 'missing', 'moved', 'forbidden', 'ended')),
  link_reason text,
  agreed jsonb not null default '{}',
  pushed_hash text,
  remote_version text,
  reconciled_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, connection_id) references connection (organization_id, id),
  foreign key (organization_id, repository_id) references repository (organization_id, id)
);
create unique index defect_remote on defect (organization_id, tracker, container_id, remote_id) where remote_id is not null;
create unique index defect_live on defect (organization_id, vulnerability_id, tracker) where ended_at is null;
create index defect_vulnerability on defect (organization_id, vulnerability_id);
create index defect_connection on defect (organization_id, connection_id);
create index defect_repository on defect (organization_id, repository_id);

create table message (
  organization_id uuid not null,
  id uuid not null,
  vulnerability_id uuid not null,
  parent_id uuid,
  author_kind text not null check (author_kind in ('member', 'remote', 'system')),
  author_member_id uuid,
  author_remote_uuid text,
  author_name text not null,
  body text not null,
  internal boolean not null default false,
  version integer not null default 1,
  created_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, parent_id) references message (organization_id, id),
  foreign key (organization_id, author_member_id) references member (organization_id, id)
);
create index message_thread on message (organization_id, vulnerability_id, created_at, id);
create index message_parent on message (organization_id, parent_id);
create index message_author on message (organization_id, author_member_id);

-- What a message said before it was edited or deleted: nothing that somebody said is lost.
create table message_revision (
  organization_id uuid not null,
  message_id uuid not null,
  version integer not null,
  body text not null,
  replaced_at timestamptz not null,
  primary key (organization_id, message_id, version),
  foreign key (organization_id, message_id) references message (organization_id, id)
);

create table message_link (
  organization_id uuid not null,
  id uuid not null,
  message_id uuid not null,
  defect_id uuid not null,
  remote_comment_id text,
  direction text not null check (direction in ('in', 'out')),
  body_hash text,
  remote_updated_at timestamptz,
  state text not null check (state in ('queued', 'sent', 'failed', 'removed')),
  error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, message_id, defect_id),
  foreign key (organization_id, message_id) references message (organization_id, id),
  foreign key (organization_id, defect_id) references defect (organization_id, id)
);
create unique index message_link_remote on message_link (organization_id, defect_id, remote_comment_id) where remote_comment_id is not null;

create table notification (
  organization_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  vulnerability_id uuid not null,
  kind text not null check (kind in ('message', 'awaiting_validation', 'reopened', 'sync_failed')),
  message_id uuid,
  subject text not null,
  read_at timestamptz,
  created_at timestamptz not null,
  primary key (organization_id, id),
  unique nulls not distinct (organization_id, member_id, kind, vulnerability_id, message_id, created_at),
  foreign key (organization_id, member_id) references member (organization_id, id),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, message_id) references message (organization_id, id)
);
create index notification_member on notification (organization_id, member_id, read_at, created_at desc);
create index notification_vulnerability on notification (organization_id, vulnerability_id, member_id);
create index notification_message on notification (organization_id, message_id);

-- Inbound webhooks as they arrived.
create table delivery (
  organization_id uuid not null,
  id uuid not null,
  webhook_id uuid not null,
  connection_id uuid not null,
  remote_delivery_id text not null,
  remote_attempt integer not null default 1,
  event_key text not null,
  body bytea not null,
  body_sha256 text not null,
  state text not null check (state in ('received', 'processed', 'ignored', 'failed')),
  outcome text,
  attempts integer not null default 0,
  error_code text,
  error text,
  vulnerability_id uuid,
  received_at timestamptz not null,
  processed_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, webhook_id, remote_delivery_id),
  foreign key (organization_id, webhook_id) references webhook (organization_id, id),
  foreign key (organization_id, connection_id) references connection (organization_id, id)
);
-- Kept as it came: compressing 8 kB takes several times as long as the whole rest of the insert.
alter table delivery alter column body set storage external;
-- The delivery id is not signed: a body sent again under another id is the same delivery. Not so for pushes, which carry
-- no time of their own: a branch made, deleted and made again gives twice the same bytes.
create unique index delivery_body on delivery (organization_id, webhook_id, body_sha256) where event_key <> 'repo:push';
create index delivery_recent on delivery (organization_id, received_at desc, id);
create index delivery_state on delivery (organization_id, state, received_at desc);
create index delivery_connection on delivery (organization_id, connection_id);

-- Outbound work: written in the transaction of the change that causes it.
create table operation (
  organization_id uuid not null,
  id uuid not null,
  kind text not null check (kind in ('create_defect', 'push_state', 'create_comment', 'update_comment', 'delete_comment')),
  key text not null,
  lane text not null check (lane in ('person', 'status', 'bulk')),
  vulnerability_id uuid not null,
  defect_id uuid not null,
  message_id uuid,
  connection_id uuid not null,
  payload jsonb not null default '{}',
  state text not null check (state in ('queued', 'waiting', 'done', 'failed', 'cancelled')),
  attempts integer not null default 0,
  next_attempt_at timestamptz,
  error_code text,
  error text,
  created_at timestamptz not null,
  finished_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, key),
  foreign key (organization_id, vulnerability_id) references vulnerability (organization_id, id),
  foreign key (organization_id, defect_id) references defect (organization_id, id),
  foreign key (organization_id, message_id) references message (organization_id, id),
  foreign key (organization_id, connection_id) references connection (organization_id, id)
);
create index operation_recent on operation (organization_id, created_at desc, id);
create index operation_open on operation (organization_id, state, next_attempt_at);
create index operation_defect on operation (organization_id, defect_id, created_at, id);
create index operation_vulnerability on operation (organization_id, vulnerability_id);
create index operation_message on operation (organization_id, message_id);
create index operation_connection on operation (organization_id, connection_id, state);
