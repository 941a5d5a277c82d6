// Written by scripts/write-schema-types.ts from the migrated database; a test compares. Do not edit.
import type { ColumnType } from 'kysely'

/** Has a default, so that an insert may leave it out. */
type Generated<T> =
  T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>

/** Read as Date; written as Date or RFC 3339 text. */
type Timestamp = ColumnType<Date, Date | string, Date | string>

/** Read parsed and unchecked; written as JSON text, since the driver would turn a list into an SQL array. */
type Json = ColumnType<unknown, string, string>

export type AdvisoryAliasTable = {
  name: string
  leader: string
}

export type ApiTokenTable = {
  organization_id: string
  id: string
  member_id: string
  name: string
  prefix: string
  token_hash: string
  scopes: string[]
  expires_at: Timestamp
  last_used_at: Timestamp | null
  revoked_at: Timestamp | null
  created_at: Generated<Timestamp>
}

export type AssetTable = {
  organization_id: string
  id: string
  key: string
  name: string
  repository_id: string | null
  default_branch: string
  business_impact: Generated<'low' | 'medium' | 'high'>
  exposure: Generated<'internal' | 'internet'>
  data_classes: Generated<string[]>
  tags: Generated<string[]>
  archived_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  gate_override: Json | null
}

export type AssetScoreTable = {
  organization_id: string
  asset_id: string
  version: number
  score: number | null
  open: number
  contributions: Generated<Json>
  heaviest: Generated<Json>
  scored_at: Timestamp
}

export type AssetScoreDayTable = {
  organization_id: string
  asset_id: string
  day: string
  version: number
  score: number | null
  open: number
}

export type AssetToScoreTable = {
  organization_id: string
  id: Generated<string>
  asset_id: string
}

export type AttachmentTable = {
  organization_id: string
  id: string
  vulnerability_id: string
  message_id: string | null
  evidence_file_id: string | null
  name: string
  media_type: string
  bytes: number | null
  added_by: string | null
  created_at: Timestamp
  removed_by_name: string | null
  removed_at: Timestamp | null
}

export type AttachmentLinkTable = {
  organization_id: string
  id: string
  attachment_id: string
  defect_id: string
  direction: 'in' | 'out'
  remote_id: string | null
  url: string | null
  state: 'sent' | 'linked' | 'removed'
  reason: string | null
  created_at: Timestamp
  updated_at: Timestamp
}

export type AuditEventTable = {
  organization_id: string
  id: string
  actor_kind: 'member' | 'api_token' | 'system' | 'cli'
  actor_id: string | null
  actor_name: string
  action: string
  target_kind: string | null
  target_id: string | null
  before: Json | null
  after: Json | null
  ip_address: string | null
  created_at: Generated<Timestamp>
}

export type AuthAccountTable = {
  id: string
  user_id: string
  account_id: string
  provider_id: string
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: Timestamp | null
  refresh_token_expires_at: Timestamp | null
  scope: string | null
  password: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type AuthMembershipTable = {
  user_id: string
  organization_id: string
}

export type AuthSessionTable = {
  id: string
  user_id: string
  token: string
  expires_at: Timestamp
  ip_address: string | null
  user_agent: string | null
  active_organization_id: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type AuthUserTable = {
  id: string
  name: string
  email: string
  email_verified: Generated<boolean>
  image: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type AuthVerificationTable = {
  id: string
  identifier: string
  value: string
  expires_at: Timestamp
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type BadRecordTable = {
  organization_id: string
  id: string
  feed_id: string
  raw_page_id: string | null
  remote_key: string | null
  reason: string
  body: string
  seen_at: Timestamp
  fingerprint: Generated<string>
}

export type BotPatternTable = {
  organization_id: string
  id: string
  field: 'any' | 'name' | 'nickname' | 'email'
  pattern: string
  like_pattern: string
  created_by: string
  created_at: Timestamp
}

export type BulkChangeTable = {
  organization_id: string
  id: string
  member_id: string
  member_name: string
  token_id: string | null
  kind: 'move' | 'assign' | 'tags' | 'severity' | 'send' | 'undo'
  change: Json
  filters: Json | null
  state: 'running' | 'done' | 'cancelled'
  total: number
  changed: Generated<number>
  unchanged: Generated<number>
  refused: Generated<number>
  undoes: string | null
  worked_at: Timestamp
  finished_at: Timestamp | null
  created_at: Timestamp
  stop_reason: string | null
  items_kept: Generated<boolean>
}

export type BulkChangeItemTable = {
  organization_id: string
  bulk_change_id: string
  vulnerability_id: string
  state: Generated<'waiting' | 'changed' | 'unchanged' | 'refused'>
  reason: string | null
  seen: string | null
  before: Json | null
}

export type CommitTable = {
  organization_id: string
  repository_id: string
  sha: string
  author_id: string | null
  author_email: string | null
  author_name: string | null
  authored_at: Timestamp
  committed_at: Timestamp
  message: Generated<string>
  parents: Generated<string[]>
  lines_added: number | null
  lines_removed: number | null
  files_changed: number | null
}

export type CommitReportTable = {
  organization_id: string
  id: string
  asset_id: string
  branch: string
  import_id: string
  commit_hash: string | null
  pull_request_id: string | null
  version: Generated<number>
  state: 'queued' | 'done' | 'failed' | 'cancelled'
  attempts: Generated<number>
  next_attempt_at: Timestamp | null
  error: string | null
  reported_hash: string | null
  queued_at: Timestamp
  updated_at: Timestamp
  error_code: string | null
  attempt_log: Generated<Json>
}

export type ConnectionTable = {
  organization_id: string
  id: string
  kind: 'bitbucket' | 'jira'
  auth_kind: 'oauth' | 'api_token' | 'access_token' | 'app_password'
  name: string
  api_url: string
  web_url: string
  oauth_consumer_id: string | null
  workspace_uuid: string | null
  workspace_slug: string | null
  workspace_name: string | null
  remote_account_uuid: string | null
  remote_account_name: string | null
  sealed_credential: string
  credential_version: Generated<number>
  scopes_granted: Generated<string[]>
  scopes_missing: Generated<string[]>
  state: 'active' | 'limited' | 'unauthorized' | 'unreachable' | 'disconnected'
  state_reason: string | null
  has_issues: Generated<boolean>
  is_administrator: Generated<boolean>
  paused_until: Timestamp | null
  pause_seconds: Generated<number>
  setup_progress: Generated<Json>
  expires_at: Timestamp | null
  checked_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  failures_in_row: Generated<number>
  failing_since: Timestamp | null
  probe_at: Timestamp | null
  expiry_warned_days: number | null
  issues_gone_at: Timestamp | null
}

export type ContributorTable = {
  organization_id: string
  id: string
  kind: 'bitbucket' | 'jira' | 'git'
  remote_id: string
  account_id: string | null
  display_name: string
  nickname: string | null
  is_bot: Generated<boolean>
  closed_at: Timestamp | null
  member_id: string | null
  linked_by: 'email' | 'account' | 'person' | null
  is_decided: Generated<boolean>
  merged_into: string | null
  first_seen_at: Timestamp
  last_seen_at: Timestamp
  email: string | null
  remote_is_bot: Generated<boolean>
  bot_decided: Generated<boolean>
  anonymised_at: Timestamp | null
}

export type ContributorApartTable = {
  organization_id: string
  one_id: string
  other_id: string
  made_at: Timestamp
}

export type ContributorEmailTable = {
  organization_id: string
  address: string
  contributor_id: string
  source: 'remote' | 'commit' | 'person' | 'file'
  created_at: Timestamp
}

export type ContributorMergeTable = {
  organization_id: string
  id: string
  from_id: string
  into_id: string
  source: 'suggestion' | 'person' | 'file'
  batch_id: string | null
  made_by: string
  made_at: Timestamp
  undone_by: string | null
  undone_at: Timestamp | null
}

export type DeadlineRunTable = {
  organization_id: string
  id: string
  asset_id: string | null
  cursor: string | null
  total: Generated<number>
  done: Generated<number>
  moved: Generated<number>
  finished_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type DefaultViewTable = {
  organization_id: string
  member_id: string
  saved_view_id: string
}

export type DefectTable = {
  organization_id: string
  id: string
  vulnerability_id: string
  tracker: string
  connection_id: string
  repository_id: string | null
  container_id: string
  remote_id: string | null
  remote: Generated<Json>
  url: string | null
  link: 'pending' | 'ok' | 'missing' | 'moved' | 'forbidden' | 'ended'
  link_reason: string | null
  agreed: Generated<Json>
  pushed_hash: string | null
  remote_version: string | null
  reconciled_at: Timestamp | null
  ended_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  unlinked_at: Timestamp | null
  kept: Generated<Json>
  item_key: ColumnType<string | null, never, never>
  item_pull_request: ColumnType<number | null, never, never>
}

export type DeliveryTable = {
  organization_id: string
  id: string
  webhook_id: string
  connection_id: string
  remote_delivery_id: string
  remote_attempt: Generated<number>
  event_key: string
  body: Buffer | null
  body_sha256: string
  state: 'received' | 'processed' | 'ignored' | 'failed'
  outcome: string | null
  attempts: Generated<number>
  error_code: string | null
  error: string | null
  vulnerability_id: string | null
  received_at: Timestamp
  processed_at: Timestamp | null
  next_attempt_at: Timestamp | null
  former_attempts: Generated<number>
  attempt_log: Generated<Json>
}

export type DeliveryRulesTable = {
  organization_id: string
  production_patterns: Generated<string[]>
  repair_branches: Generated<string[]>
  repair_within_hours: Generated<number>
  counts_failed_deployments: Generated<boolean>
  pre_history_days: Generated<number>
  updated_at: Generated<Timestamp>
}

export type DeployedCommitTable = {
  organization_id: string
  repository_id: string
  sha: string
  deployment_id: string
}

export type DeployedScanTable = {
  organization_id: string
  repository_id: string
  commit_hash: string
  deployment_id: string
  deployed_at: Timestamp
}

export type DeploymentTable = {
  organization_id: string
  id: string
  repository_id: string
  environment_id: string
  source: 'bitbucket' | 'merge' | 'tag' | 'pipeline' | 'push'
  remote_key: string
  pipeline_uuid: string | null
  name: string | null
  commit: string | null
  commit_sha: string | null
  state: 'undeployed' | 'in_progress' | 'successful' | 'failed' | 'stopped'
  started_at: Timestamp | null
  completed_at: Timestamp | null
  remote_updated_at: Timestamp | null
  web_url: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  source_ref: string | null
}

export type DeploymentChangeTable = {
  organization_id: string
  pull_request_id: string
  deployment_id: string
  repository_id: string
  author_id: string | null
  destination_branch: string | null
  left_out: string | null
  rule: 'ancestry' | 'time_based'
  is_batch_merge: boolean
  deployed_at: Timestamp
  deploy_s: number | null
  lead_s: number | null
  deploy_business_s: number | null
  lead_business_s: number | null
  changed_lines: number | null
  deployed_changes: number
  deployed_lines: number | null
  is_security_work: Generated<boolean>
}

export type DeploymentFiguresTable = {
  organization_id: string
  deployment_id: string
  repository_id: string
  outcome: 'successful' | 'failed' | 'stopped'
  completed_at: Timestamp
  tellings: number
  changes: number
  is_rollback: boolean
  is_rework: boolean
  failed_by: 'manual' | 'incident' | 'rollback' | 'hotfix' | 'deploy_failed' | null
  recovered_at: Timestamp | null
  recovery_s: number | null
}

export type DeploymentMarkTable = {
  organization_id: string
  deployment_id: string
  is_failed: boolean | null
  is_rework: boolean | null
  reason: string
  member_name: string
  at: Timestamp
}

export type DeploymentSourceTable = {
  organization_id: string
  id: string
  repository_id: string | null
  kind: 'bitbucket' | 'merge' | 'tag' | 'pipeline' | 'push'
  pattern: string | null
  valid_from: Timestamp
  created_at: Generated<Timestamp>
}

export type EnvironmentTable = {
  organization_id: string
  id: string
  repository_id: string
  remote_uuid: string
  name: string
  remote_kind: 'test' | 'staging' | 'production' | 'other'
  kind_override: 'test' | 'staging' | 'production' | 'other' | null
  gone_at: Timestamp | null
  created_at: Generated<Timestamp>
}

export type EpssScoreTable = {
  cve: string
  probability: number
  percentile: number
}

export type EvidenceFileTable = {
  organization_id: string
  id: string
  vulnerability_id: string
  name: string
  media_type: string
  bytes: number
  sha256: string
  decision: 'risk_accepted' | 'false_positive' | null
  added_by: string
  added_by_name: string
  created_at: Timestamp
  removed_by_name: string | null
  removed_at: Timestamp | null
  purpose: Generated<'evidence' | 'attachment'>
}

export type EvidenceFileChunkTable = {
  organization_id: string
  evidence_file_id: string
  position: number
  data: Buffer
}

export type EvidenceUseTable = {
  organization_id: string
  files: number
  bytes: number
}

export type FeedTable = {
  organization_id: string
  id: string
  connection_id: string
  repository_id: string | null
  kind: 'members' | 'pull_requests' | 'activity' | 'pipelines' | 'deployments' | 'environments' | 'commits'
  state: Generated<'waiting' | 'reading' | 'fresh' | 'forbidden' | 'failed' | 'off'>
  pass: Generated<'full' | 'increment' | 'reconcile'>
  cursor: string | null
  watermark: Timestamp | null
  next_watermark: Timestamp | null
  pages_read: Generated<number>
  pages_expected: number | null
  records_read: Generated<number>
  records_bad: Generated<number>
  requests_spent: Generated<number>
  missing_scope: string | null
  error: string | null
  attempts: Generated<number>
  next_attempt_at: Generated<Timestamp>
  pass_started_at: Timestamp | null
  completed_at: Timestamp | null
  reconciled_at: Timestamp | null
  reconciled_missing: number | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  wakes: Generated<number>
  wakes_seen: Generated<number>
  refused_version: number | null
  is_by_pull_request: Generated<boolean>
}

export type FigureExclusionTable = {
  organization_id: string
  id: string
  repository_id: string | null
  label: string | null
  reason: string
  member_name: string
  created_at: Timestamp
}

export type FindingTable = {
  organization_id: string
  id: string
  asset_id: string
  branch: string
  vulnerability_id: string
  scanner: string
  format: string
  rule_id: string
  title: string
  message: Generated<string>
  severity: 'critical' | 'high' | 'medium' | 'low' | 'notification'
  cvss_vector: string | null
  cwes: Generated<number[]>
  aliases: Generated<string[]>
  path: string | null
  start_line: number | null
  end_line: number | null
  start_column: number | null
  snippet: string | null
  help_uri: string | null
  tool_key: string | null
  tool_index: Generated<number>
  content_key: string
  content_index: Generated<number>
  body_hash: string
  active: Generated<boolean>
  evidence: Generated<Json>
  commit_hash: string | null
  first_import_id: string
  last_import_id: string
  last_step: string
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  kind: Generated<'code' | 'dependency' | 'secret' | 'configuration' | 'web'>
  place_key: string | null
  moved_key: string | null
  sketch: string | null
  advisory_names: Generated<string[]>
  package_key: string | null
  tells: Generated<boolean>
}

export type GitMirrorTable = {
  organization_id: string
  repository_id: string
  is_partial: boolean
  size_bytes: number
  operations: number
  heads: Generated<string[]>
  fetched_at: Timestamp
}

export type GitTagTable = {
  organization_id: string
  repository_id: string
  name: string
  commit_sha: string
  is_annotated: boolean
  tagged_at: Timestamp
  seen_at: Generated<Timestamp>
}

export type IdempotencyKeyTable = {
  organization_id: string
  principal_id: string
  key: string
  request_hash: string
  status: number | null
  response: Json | null
  created_at: Generated<Timestamp>
}

export type ImportTable = {
  organization_id: string
  id: string
  asset_id: string
  branch: string
  commit_hash: string | null
  format: string | null
  tool: string | null
  tool_version: string | null
  scope: Generated<'full' | 'partial'>
  state: 'running' | 'previewed' | 'held' | 'applied' | 'unchanged' | 'undone' | 'failed' | 'discarded'
  reason: string | null
  error_code: string | null
  counts: Generated<Json>
  unread: Generated<Json>
  file_name: string
  file_sha256: string
  file_bytes: number
  source: 'browser' | 'cli' | 'api'
  created_by_member_id: string | null
  created_by_token_id: string | null
  applied_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  file_kept_until: Timestamp | null
  target_branch: string | null
  pull_request_id: string | null
}

export type ImportFileChunkTable = {
  organization_id: string
  import_id: string
  position: number
  data: Buffer
}

export type ImportItemTable = {
  organization_id: string
  import_id: string
  position: number
  finding_id: string | null
  outcome: 'new' | 'merged' | 'kept' | 'reopened' | 'closed' | 'suppressed' | 'skipped' | 'known'
  step: string
  label: string
  detail: string | null
  state_before: Json | null
  severity: 'critical' | 'high' | 'medium' | 'low' | 'notification' | null
}

export type ImportLogTable = {
  organization_id: string
  import_id: string
  position: number
  at: Timestamp
  kind: 'receiving' | 'reading' | 'recognised' | 'warned' | 'comparing' | 'judged' | 'writing' | 'previewed' | 'held' | 'unchanged' | 'confirmed' | 'applied' | 'failed' | 'discarded' | 'undone' | 'file_deleted'
  actor: string | null
  duration_ms: number | null
  bytes: number | null
  findings: number | null
  detail: string | null
}

export type ImportProgressTable = {
  organization_id: string
  import_id: string
  client_key: string | null
  stage: 'receiving' | 'reading' | 'comparing' | 'writing'
  bytes_read: Generated<number>
  bytes_total: number | null
  findings_read: Generated<number>
  beat_at: Generated<Timestamp>
}

export type IncidentTable = {
  organization_id: string
  id: string
  repository_id: string
  deployment_id: string | null
  source: 'push' | 'person' | 'jira'
  key: string
  title: string
  web_url: string | null
  began_at: Timestamp
  resolved_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  severity: string | null
  connection_id: string | null
}

export type IncidentFilterTable = {
  organization_id: string
  connection_id: string
  jql: string
  repository_field: string | null
  default_repository_id: string | null
  read_until: Timestamp | null
  full_read_at: Timestamp | null
  next_read_at: Generated<Timestamp>
  read_at: Timestamp | null
  attempts: Generated<number>
  error: string | null
  unplaced: Generated<number>
  unplaced_keys: Generated<string[]>
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type InstanceTable = {
  singleton: Generated<boolean>
  instance_id: string
  setup_token_hash: string | null
  setup_done_at: Timestamp | null
  created_at: Generated<Timestamp>
  restored_at: Timestamp | null
}

export type IntelligenceLoadTable = {
  kind: 'epss' | 'kev' | 'aliases'
  version: string | null
  published_on: string | null
  sha256: string
  entries: number
  loaded_at: Timestamp
  applied_at: Timestamp | null
}

export type InvestmentRuleTable = {
  organization_id: string
  position: number
  category: string
  field: 'branch' | 'title' | 'repository' | 'label' | 'path' | 'vulnerability'
  pattern: string
  like_pattern: string
}

export type InvitationTable = {
  organization_id: string
  id: string
  email: string
  role: 'admin' | 'champion' | 'developer' | 'viewer'
  token_hash: string
  invited_by: string | null
  expires_at: Timestamp
  accepted_at: Timestamp | null
  revoked_at: Timestamp | null
  created_at: Generated<Timestamp>
}

export type KnownExploitedTable = {
  cve: string
  added_on: string
  due_on: string
  is_used_by_ransomware: boolean
}

export type LabelRuleTable = {
  organization_id: string
  id: string
  label: string
  field: 'title' | 'branch'
  pattern: string
  like_pattern: string
  created_at: Timestamp
}

export type MemberTable = {
  organization_id: string
  id: string
  user_id: string
  name: string
  email: string
  role: 'admin' | 'champion' | 'developer' | 'viewer'
  disabled_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type MemberChatTable = {
  organization_id: string
  member_id: string
  channel: 'slack' | 'teams'
  address: string
  sealed_url: string
  error: string | null
  ended_at: Timestamp | null
}

export type MessageTable = {
  organization_id: string
  id: string
  vulnerability_id: string
  parent_id: string | null
  author_kind: 'member' | 'remote' | 'system'
  author_member_id: string | null
  author_remote_uuid: string | null
  author_name: string
  body: string
  internal: Generated<boolean>
  version: Generated<number>
  created_at: Timestamp
  edited_at: Timestamp | null
  deleted_at: Timestamp | null
  command: 'done' | 'ask' | 'help' | 'incomplete' | null
  contributor_id: string | null
}

export type MessageLinkTable = {
  organization_id: string
  id: string
  message_id: string
  defect_id: string
  remote_comment_id: string | null
  direction: 'in' | 'out'
  body_hash: string | null
  remote_updated_at: Timestamp | null
  state: 'queued' | 'sent' | 'failed' | 'removed'
  error: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type MessageMentionTable = {
  organization_id: string
  message_id: string
  name: string
  member_id: string | null
  contributor_id: string | null
}

export type MessageRevisionTable = {
  organization_id: string
  message_id: string
  version: number
  body: string
  replaced_at: Timestamp
}

export type MetricGoalTable = {
  organization_id: string
  metric_key: string
  valid_from: string
  target: number | null
  amber: number | null
  member_name: string
  set_at: Timestamp
}

export type MetricSnapshotTable = {
  organization_id: string
  metric_key: string
  day: string
  repository_id: string
  version: number
  taken_at: Timestamp
  values: number[]
  total: number
  left_out: Json
  weights: number[] | null
}

export type MetricSnapshotStateTable = {
  organization_id: string
  taken_through: string
  taken_at: Timestamp
}

export type NotificationTable = {
  organization_id: string
  id: string
  member_id: string
  vulnerability_id: string | null
  kind: 'message' | 'mentioned' | 'assigned' | 'new_critical' | 'awaiting_validation' | 'reopened' | 'sync_failed' | 'deadline_approaching' | 'deadline_breached' | 'acceptance_ending' | 'acceptance_due' | 'acceptance_ended' | 'held_back' | 'webhook_disabled' | 'credential_ending'
  message_id: string | null
  subject: string
  read_at: Timestamp | null
  created_at: Timestamp
  vulnerability_count: number | null
  in_app: Generated<boolean>
}

export type NotificationChoiceTable = {
  organization_id: string
  member_id: string
  kind: string
  channel: 'in_app' | 'email' | 'slack' | 'teams'
  wanted: boolean
}

export type NotificationRhythmTable = {
  organization_id: string
  member_id: string
  digest_hour: Generated<number>
  time_zone: string | null
  digested_until: Timestamp | null
}

export type OauthAuthorizationTable = {
  organization_id: string
  id: string
  oauth_consumer_id: string | null
  member_id: string
  session_id: string
  state_hash: string
  expires_at: Timestamp
  used_at: Timestamp | null
  created_at: Generated<Timestamp>
  client_id: string
  sealed_client_secret: string | null
  api_url: string
  web_url: string
  kind: 'bitbucket' | 'jira'
}

export type OauthConsumerTable = {
  organization_id: string
  id: string
  kind: 'bitbucket' | 'jira'
  client_id: string
  sealed_client_secret: string
  api_url: string
  web_url: string
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type OperationTable = {
  organization_id: string
  id: string
  kind: 'create_defect' | 'push_state' | 'push_fields' | 'create_comment' | 'update_comment' | 'delete_comment' | 'release_item'
  key: string
  lane: 'person' | 'status' | 'bulk'
  vulnerability_id: string
  defect_id: string
  message_id: string | null
  connection_id: string
  payload: Generated<Json>
  state: 'queued' | 'waiting' | 'done' | 'failed' | 'cancelled'
  attempts: Generated<number>
  next_attempt_at: Timestamp | null
  error_code: string | null
  error: string | null
  created_at: Timestamp
  finished_at: Timestamp | null
  attempt_log: Generated<Json>
  requests: Generated<number>
}

export type OrganizationTable = {
  organization_id: string
  name: string
  is_demo: Generated<boolean>
  next_vulnerability_number: Generated<number>
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type OrganizationScoreDayTable = {
  organization_id: string
  day: string
  version: number
  score: number | null
  open: number
}

export type OrganizationSettingsTable = {
  organization_id: string
  sla: Json | null
  gate: Json | null
  updated_at: Generated<Timestamp>
  sending: Json | null
}

export type OutgoingCallTable = {
  organization_id: string
  id: string
  member_id: string
  channel: 'email' | 'slack' | 'teams'
  is_digest: boolean
  state: 'queued' | 'sent' | 'failed' | 'empty'
  attempts: Generated<number>
  error: string | null
  next_attempt_at: Timestamp | null
  leased_by: string | null
  leased_until: Timestamp | null
  created_at: Timestamp
  ended_at: Timestamp | null
  week_from: Timestamp | null
  week_to: Timestamp | null
}

export type OutgoingCallItemTable = {
  organization_id: string
  notification_id: string
  channel: 'email' | 'slack' | 'teams'
  member_id: string
  at_once: boolean
  outgoing_call_id: string | null
  created_at: Timestamp
}

export type OutgoingDeliveryTable = {
  organization_id: string
  id: Generated<string>
  webhook_id: string
  event_id: string
  event_type: string
  payload: string
  state: 'queued' | 'delivered' | 'failed'
  attempts: Generated<number>
  response_status: number | null
  response_text: string | null
  error: string | null
  created_at: Timestamp
  attempted_at: Timestamp | null
}

export type OutgoingWebhookTable = {
  organization_id: string
  id: string
  name: string
  kind: 'standard' | 'slack' | 'teams'
  address: string
  sealed_url: string
  sealed_secret: string | null
  sealed_previous_secret: string | null
  previous_secret_until: Timestamp | null
  events: string[]
  min_severity: Generated<'critical' | 'high' | 'medium' | 'low' | 'notification'>
  state: 'active' | 'disabled'
  state_reason: string | null
  delivered_at: Timestamp | null
  failing_since: Timestamp | null
  next_attempt_at: Timestamp | null
  leased_by: string | null
  leased_until: Timestamp | null
  created_at: Timestamp
}

export type PeopleSettingsTable = {
  organization_id: string
  has_person_pages: Generated<boolean>
  has_rankings: Generated<boolean>
  time_zone: Generated<string>
  updated_at: Timestamp
}

export type PipelineTable = {
  organization_id: string
  id: string
  repository_id: string
  remote_uuid: string
  number: number
  creator_id: string | null
  ref_type: string | null
  ref_name: string | null
  name: string | null
  commit_sha: string | null
  trigger_kind: string | null
  state: 'pending' | 'in_progress' | 'paused' | 'completed'
  result: 'successful' | 'failed' | 'error' | 'stopped' | 'expired' | null
  started_at: Timestamp
  completed_at: Timestamp | null
  duration_s: number | null
  build_s: number | null
}

export type PolicyTable = {
  organization_id: string
  id: string
  name: string
  enabled: Generated<boolean>
  min_severity: 'critical' | 'high' | 'medium' | 'low' | 'notification'
  asset_ids: Generated<string[]>
  tags: Generated<string[]>
  created_by: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  kinds: Generated<string[]>
  branches: Generated<string[]>
  sla_states: Generated<string[]>
  max_per_run: Generated<number>
  held_back: Generated<number>
  held_back_at: Timestamp | null
}

export type PublicLinkTable = {
  organization_id: string
  id: string
  name: string
  token_hash: string
  metric_group: string
  days: number | null
  from_at: Timestamp | null
  to_at: Timestamp | null
  repository_ids: Generated<string[]>
  branches: Generated<string[]>
  time_zone: string
  shows_titles: boolean
  created_by: string
  created_at: Timestamp
  expires_at: Timestamp
  revoked_at: Timestamp | null
  last_opened_at: Timestamp | null
  team_ids: Generated<string[]>
  labels: Generated<string[]>
  hours: Generated<'all' | 'business'>
}

export type PublicLinkSettingsTable = {
  organization_id: string
  is_on: boolean
  updated_at: Timestamp
}

export type PullRequestTable = {
  organization_id: string
  id: string
  repository_id: string
  remote_id: number
  title: string
  description: Generated<string>
  author_id: string | null
  closed_by_id: string | null
  state: 'open' | 'merged' | 'declined' | 'superseded'
  is_draft: Generated<boolean>
  source_branch: string | null
  destination_branch: string | null
  source_commit: string | null
  merge_commit: string | null
  merge_sha: string | null
  opened_at: Timestamp
  remote_updated_at: Timestamp
  merged_at: Timestamp | null
  closed_at: Timestamp | null
  comment_count: Generated<number>
  task_count: Generated<number>
  commit_count: number | null
  first_commit_at: Timestamp | null
  lines_added: number | null
  lines_removed: number | null
  files_changed: number | null
  web_url: Generated<string>
  excluded_reason: string | null
  excluded_by: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  remote_closed_at: Timestamp | null
  closing_source: 'activity' | 'closed_on' | 'updated_on' | null
  source_sha: string | null
  commits_read_of: string | null
  commit_flags: Generated<string[]>
  task_keys: Generated<string[]>
  tasks_wanted_at: Timestamp | null
  excluded_at: Timestamp | null
}

export type PullRequestBreakdownTable = {
  organization_id: string
  pull_request_id: string
  from_sha: string | null
  to_sha: string
  changed_at: Timestamp | null
  new_lines: number | null
  left_out: 'too_many_lines' | 'too_slow_to_blame' | 'files_missing' | null
}

export type PullRequestChangeTable = {
  organization_id: string
  pull_request_id: string
  from_sha: string | null
  to_sha: string | null
  paths: string[] | null
  path_count: number | null
}

export type PullRequestCommitTable = {
  organization_id: string
  pull_request_id: string
  repository_id: string
  sha: string
}

export type PullRequestEventTable = {
  organization_id: string
  pull_request_id: string
  kind: 'opened' | 'ready' | 'drafted' | 'commit_pushed' | 'comment' | 'task' | 'approval' | 'approval_removed' | 'changes_requested' | 'changes_request_removed' | 'merged' | 'declined' | 'superseded' | 'reopened' | 'edited'
  remote_key: string
  at: Timestamp
  contributor_id: string | null
  parent_key: string | null
  path: string | null
  is_deleted: Generated<boolean>
  commit: string | null
  keys: Generated<string[]>
}

export type PullRequestFiguresTable = {
  organization_id: string
  pull_request_id: string
  version: number
  computed_at: Timestamp
  repository_id: string
  author_id: string | null
  destination_branch: string | null
  state: 'open' | 'merged' | 'declined' | 'superseded'
  opened_at: Timestamp
  first_commit_at: Timestamp | null
  ready_at: Timestamp | null
  first_review_at: Timestamp | null
  first_approval_at: Timestamp | null
  last_approval_at: Timestamp | null
  merged_at: Timestamp | null
  closed_at: Timestamp | null
  ended_at: Timestamp | null
  pickup_ended_at: Timestamp | null
  review_ended_at: Timestamp | null
  last_activity_at: Timestamp
  coding_s: number | null
  draft_s: number | null
  pickup_s: number | null
  review_s: number | null
  merge_wait_s: number | null
  cycle_s: number | null
  changed_lines: number | null
  review_count: number
  feedback_count: number
  first_feedback_at: Timestamp | null
  answered_after_s: number | null
  rounds: number
  is_self_merged: boolean | null
  is_self_approved_only: boolean
  left_out: string | null
  span_left_out: string | null
  flags: string[]
  is_flash_reviewed: boolean | null
  is_batch_merge: Generated<boolean>
  coding_business_s: number | null
  draft_business_s: number | null
  pickup_business_s: number | null
  review_business_s: number | null
  merge_wait_business_s: number | null
  cycle_business_s: number | null
  new_lines: number | null
  rework_lines: number | null
  help_lines: number | null
  refactored_lines: number | null
  lines_left_out: string | null
  is_security_work: Generated<boolean>
}

export type PullRequestKeyTable = {
  organization_id: string
  pull_request_id: string
  key: string
  place: 'branch' | 'title' | 'description' | 'commit' | 'comment' | 'task'
}

export type PullRequestLabelTable = {
  organization_id: string
  label: string
  pull_request_id: string
}

export type PullRequestOriginTable = {
  organization_id: string
  pull_request_id: string
  sha: string
  lines: number
}

export type PullRequestReviewTable = {
  organization_id: string
  pull_request_id: string
  reviewer_id: string
  repository_id: string
  author_id: string | null
  destination_branch: string | null
  first_at: Timestamp
  approved_at: Timestamp | null
  review_count: number
  left_out: string | null
}

export type PullRequestReviewerTable = {
  organization_id: string
  pull_request_id: string
  contributor_id: string
  role: 'reviewer' | 'participant'
  state: 'approved' | 'changes_requested' | null
  participated_at: Timestamp | null
}

export type PullRequestSummaryTable = {
  organization_id: string
  id: string
  asset_id: string
  pull_request_id: string
  state: 'begun' | 'written' | 'removed'
  comment_id: string | null
  body_hash: string | null
  updated_at: Timestamp
}

export type PullRequestTeamTable = {
  organization_id: string
  team_id: string
  pull_request_id: string
  opened_at: Timestamp
}

export type PullRequestToComputeTable = {
  organization_id: string
  id: Generated<string>
  pull_request_id: string
}

export type PullRequestToReadTable = {
  organization_id: string
  id: Generated<string>
  pull_request_id: string
}

export type RawPageTable = {
  organization_id: string
  id: string
  feed_id: string
  read_at: Timestamp
  records: number
  body: Buffer
}

export type ReconciliationTable = {
  organization_id: string
  id: string
  connection_id: string
  member_name: string | null
  is_full: boolean
  items: number
  requests: number
  healed: number
  conflicts: number
  needs_you: number
  differences: Generated<Json>
  error: string | null
  started_at: Timestamp
  finished_at: Timestamp
}

export type RegroupedFindingTable = {
  organization_id: string
  regrouping_id: string
  finding_id: string
  told_before: boolean
}

export type RegroupingTable = {
  organization_id: string
  id: string
  kind: 'merge' | 'split'
  from_id: string
  to_id: string
  state_before: Generated<Json>
  created_at: Timestamp
  undone_at: Timestamp | null
}

export type RemediationDecisionTable = {
  organization_id: string
  id: string
  vulnerability_id: string
  pull_request_id: string
  is_linked: boolean | null
  member_name: string
  at: Timestamp
}

export type RemediationLinkTable = {
  organization_id: string
  vulnerability_id: string
  pull_request_id: string
  rules: string[]
}

export type RemovedPlaceTable = {
  organization_id: string
  vulnerability_id: string
  finding_id: string
  repository_id: string
  path: string
  line: number
  seen_in: string | null
  gone_in: string | null
  state: Generated<'wanted' | 'removed' | 'changed' | 'kept' | 'unknown'>
  reason: string | null
  removed_in: string | null
  removed_path: string | null
  removed_line: number | null
  removed_by: string | null
  attempts: Generated<number>
  next_look_at: Timestamp
  looked_at: Timestamp | null
}

export type RepositoryTable = {
  organization_id: string
  id: string
  connection_id: string
  remote_uuid: string
  workspace_uuid: string
  workspace_slug: string
  slug: string
  name: string
  description: Generated<string>
  main_branch: string | null
  is_private: Generated<boolean>
  has_issues: Generated<boolean>
  language: string | null
  web_url: string
  state: Generated<'here' | 'renamed' | 'forbidden' | 'gone'>
  remote_updated_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  former_name: string | null
  renamed_at: Timestamp | null
}

export type RepositoryToComputeTable = {
  organization_id: string
  id: Generated<string>
  repository_id: string
  since: Timestamp | null
  merge_commits: string[] | null
  restated: string[] | null
}

export type RequestBudgetTable = {
  organization_id: string
  connection_id: string
  window_start: Timestamp
  lane: 'person' | 'webhook' | 'status' | 'bulk' | 'collect'
  spent: Generated<number>
}

export type RouteTable = {
  organization_id: string
  id: string
  asset_id: string | null
  branch: string | null
  tracker: string
  connection_id: string | null
  settings: Generated<Json>
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  notes: Generated<Json>
}

export type SavedViewTable = {
  organization_id: string
  id: string
  member_id: string | null
  name: string
  search: string
  version: Generated<number>
  created_by: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type SettledDeploymentsTable = {
  organization_id: string
  repository_id: string
  through: Timestamp
  last_success_id: string
  last_commit: string
}

export type SnapshotDayToTakeTable = {
  organization_id: string
  id: Generated<string>
  day: string
}

export type SummaryReplyTable = {
  organization_id: string
  id: string
  summary_id: string
  remote_comment_id: string
  answer: string | null
  answer_comment_id: string | null
  created_at: Timestamp
}

export type TeamTable = {
  organization_id: string
  id: string
  parent_id: string | null
  name: string
  time_zone: string | null
  created_at: Timestamp
  updated_at: Timestamp
}

export type TeamHolidayTable = {
  organization_id: string
  team_id: string
  day: string
  name: string
}

export type TeamHoursTable = {
  organization_id: string
  team_id: string
  weekday: number
  from_minute: number
  to_minute: number
}

export type TeamMemberTable = {
  organization_id: string
  id: string
  team_id: string
  contributor_id: string | null
  member_id: string | null
  role: 'member' | 'champion'
  from_day: string | null
  to_day: string | null
  created_at: Timestamp
}

export type TeamRepositoryTable = {
  organization_id: string
  team_id: string
  repository_id: string
}

export type VulnerabilityTable = {
  organization_id: string
  id: string
  number: number
  asset_id: string
  branch: string
  title: string
  description: Generated<string>
  severity: 'critical' | 'high' | 'medium' | 'low' | 'notification'
  severity_source: 'cvss' | 'tool' | 'person' | 'impact'
  cvss_vector: string | null
  cvss_score: string | null
  cwes: Generated<number[]>
  aliases: Generated<string[]>
  scanner: string
  rule_id: string
  path: string | null
  line: number | null
  status: 'created' | 'identified' | 'in_progress' | 'awaiting_validation' | 'fixed' | 'risk_accepted' | 'false_positive' | 'suppressed'
  status_reason: string | null
  accepted_until: string | null
  assignee_member_id: string | null
  version: Generated<number>
  opened_at: Timestamp
  due_at: Timestamp | null
  fixed_at: Timestamp | null
  last_seen_at: Timestamp
  merged_into: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  kind: Generated<'code' | 'dependency' | 'secret' | 'configuration' | 'web'>
  source: Generated<'scan' | 'person'>
  tags: Generated<string[]>
  scan_title: string | null
  scan_description: string | null
  scan_severity: 'critical' | 'high' | 'medium' | 'low' | 'notification' | null
  scan_severity_source: 'cvss' | 'tool' | null
  severity_reason: string | null
  impact: number | null
  probability: number | null
  epss_probability: number | null
  epss_percentile: number | null
  known_exploited: Generated<boolean>
  approaches_at: Timestamp | null
  sla_days: number | null
  sla_announced: Generated<'none' | 'approaching' | 'breached'>
  acceptance_announced: Generated<'none' | 'week' | 'day'>
  apart_group: string | null
  sla_paused_at: Timestamp | null
  scan_cvss_vector: string | null
  scan_cvss_score: string | null
  on_default_branch: Generated<boolean>
  is_open: ColumnType<boolean, never, never>
  words: ColumnType<string, never, never>
  is_sent: Generated<boolean>
}

export type VulnerabilityAssetCountTable = {
  organization_id: string
  asset_id: string
  on_default_branch: boolean
  severity: string
  status: string
  scanner: string
  kind: string
  source: string
  amount: number
  is_sent: Generated<boolean>
}

export type VulnerabilityCountTable = {
  organization_id: string
  on_default_branch: boolean
  severity: string
  status: string
  scanner: string
  kind: string
  source: string
  amount: number
  is_sent: Generated<boolean>
}

export type VulnerabilityCountChangeTable = {
  organization_id: string
  id: Generated<string>
  asset_id: string
  on_default_branch: boolean
  severity: string
  status: string
  scanner: string
  kind: string
  source: string
  amount: number
  is_sent: Generated<boolean>
}

export type VulnerabilityEventTable = {
  organization_id: string
  id: string
  vulnerability_id: string
  kind: string
  actor_kind: 'member' | 'scan' | 'remote' | 'system'
  actor_id: string | null
  actor_name: string
  reason: string | null
  before: Json | null
  after: Json | null
  import_id: string | null
  defect_id: string | null
  created_at: Timestamp
  bulk_change_id: string | null
}

export type VulnerabilityFiguresTable = {
  organization_id: string
  vulnerability_id: string
  version: number
  computed_at: Timestamp
  repository_id: string | null
  severity: 'critical' | 'high' | 'medium' | 'low' | 'notification'
  opened_at: Timestamp
  triaged_at: Timestamp | null
  fix_opened_at: Timestamp | null
  last_pull_request_id: string | null
  pr_opened_at: Timestamp | null
  first_review_at: Timestamp | null
  first_approval_at: Timestamp | null
  merged_at: Timestamp | null
  deployed_at: Timestamp | null
  fixed_at: Timestamp | null
  introduced_at: Timestamp
  introduced_by: 'deployment' | 'found'
  introduced_deployment_id: string | null
  exposure_ended_at: Timestamp | null
  due_at: Timestamp | null
  sla_at: Timestamp | null
  is_sla_met: boolean | null
  first_fixed_at: Timestamp | null
  is_reopened: boolean
  triage_s: number | null
  to_pr_s: number | null
  pickup_s: number | null
  review_s: number | null
  merge_wait_s: number | null
  deploy_s: number | null
  lead_s: number | null
  to_fix_pr_s: number | null
  exposure_s: number | null
  left_out: string | null
  span_left_out: string | null
  flags: string[]
}

export type VulnerabilityTagTable = {
  organization_id: string
  tag: string
}

export type VulnerabilityTemplateTable = {
  organization_id: string
  id: string
  name: string
  title: string
  description: Generated<string>
  remediation: Generated<string>
  kind: Generated<'code' | 'dependency' | 'secret' | 'configuration' | 'web'>
  cwes: Generated<number[]>
  impact: number
  probability: number
  tags: Generated<string[]>
  version: Generated<number>
  created_by: string | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
}

export type VulnerabilityToFollowTable = {
  organization_id: string
  id: Generated<string>
  vulnerability_id: string
}

export type WebhookTable = {
  organization_id: string
  id: string
  connection_id: string
  subject: 'workspace' | 'repository'
  repository_id: string | null
  remote_uuid: string | null
  url: string
  sealed_secret: string
  sealed_previous_secret: string | null
  previous_secret_until: Timestamp | null
  events: string[]
  health: 'pending' | 'ok' | 'inactive' | 'missing' | 'forbidden' | 'changed' | 'removed'
  health_reason: string | null
  last_delivery_at: Timestamp | null
  checked_at: Timestamp | null
  created_at: Generated<Timestamp>
  updated_at: Generated<Timestamp>
  tested_at: Timestamp | null
  test_outcome: 'running' | 'arrived' | 'lost' | 'impossible' | null
  test_ms: number | null
  test_note: string | null
  refused_at: Timestamp | null
}

export type WeeklyDigestTable = {
  organization_id: string
  member_id: string
  weekday: Generated<number>
  hour: Generated<number>
  on_since: Timestamp | null
  told_to: Timestamp | null
}

export type WeeklyDigestSettingsTable = {
  organization_id: string
  on_since: Timestamp | null
  updated_at: Timestamp
}

export type WeirMigrationTable = {
  number: number
  name: string
  checksum: string
  applied_at: Generated<Timestamp>
}

export type WorkingAgreementTable = {
  organization_id: string
  id: string
  team_id: string | null
  kind: 'first_review_within' | 'reviewed_before_merge' | 'size_at_most' | 'linked_key'
  is_on: boolean
  threshold: number | null
  created_at: Timestamp
  updated_at: Timestamp
}

export type Database = {
  advisory_alias: AdvisoryAliasTable
  api_token: ApiTokenTable
  asset: AssetTable
  asset_score: AssetScoreTable
  asset_score_day: AssetScoreDayTable
  asset_to_score: AssetToScoreTable
  attachment: AttachmentTable
  attachment_link: AttachmentLinkTable
  audit_event: AuditEventTable
  auth_account: AuthAccountTable
  auth_membership: AuthMembershipTable
  auth_session: AuthSessionTable
  auth_user: AuthUserTable
  auth_verification: AuthVerificationTable
  bad_record: BadRecordTable
  bot_pattern: BotPatternTable
  bulk_change: BulkChangeTable
  bulk_change_item: BulkChangeItemTable
  commit: CommitTable
  commit_report: CommitReportTable
  connection: ConnectionTable
  contributor: ContributorTable
  contributor_apart: ContributorApartTable
  contributor_email: ContributorEmailTable
  contributor_merge: ContributorMergeTable
  deadline_run: DeadlineRunTable
  default_view: DefaultViewTable
  defect: DefectTable
  delivery: DeliveryTable
  delivery_rules: DeliveryRulesTable
  deployed_commit: DeployedCommitTable
  deployed_scan: DeployedScanTable
  deployment: DeploymentTable
  deployment_change: DeploymentChangeTable
  deployment_figures: DeploymentFiguresTable
  deployment_mark: DeploymentMarkTable
  deployment_source: DeploymentSourceTable
  environment: EnvironmentTable
  epss_score: EpssScoreTable
  evidence_file: EvidenceFileTable
  evidence_file_chunk: EvidenceFileChunkTable
  evidence_use: EvidenceUseTable
  feed: FeedTable
  figure_exclusion: FigureExclusionTable
  finding: FindingTable
  git_mirror: GitMirrorTable
  git_tag: GitTagTable
  idempotency_key: IdempotencyKeyTable
  import: ImportTable
  import_file_chunk: ImportFileChunkTable
  import_item: ImportItemTable
  import_log: ImportLogTable
  import_progress: ImportProgressTable
  incident: IncidentTable
  incident_filter: IncidentFilterTable
  instance: InstanceTable
  intelligence_load: IntelligenceLoadTable
  investment_rule: InvestmentRuleTable
  invitation: InvitationTable
  known_exploited: KnownExploitedTable
  label_rule: LabelRuleTable
  member: MemberTable
  member_chat: MemberChatTable
  message: MessageTable
  message_link: MessageLinkTable
  message_mention: MessageMentionTable
  message_revision: MessageRevisionTable
  metric_goal: MetricGoalTable
  metric_snapshot: MetricSnapshotTable
  metric_snapshot_state: MetricSnapshotStateTable
  notification: NotificationTable
  notification_choice: NotificationChoiceTable
  notification_rhythm: NotificationRhythmTable
  oauth_authorization: OauthAuthorizationTable
  oauth_consumer: OauthConsumerTable
  operation: OperationTable
  organization: OrganizationTable
  organization_score_day: OrganizationScoreDayTable
  organization_settings: OrganizationSettingsTable
  outgoing_call: OutgoingCallTable
  outgoing_call_item: OutgoingCallItemTable
  outgoing_delivery: OutgoingDeliveryTable
  outgoing_webhook: OutgoingWebhookTable
  people_settings: PeopleSettingsTable
  pipeline: PipelineTable
  policy: PolicyTable
  public_link: PublicLinkTable
  public_link_settings: PublicLinkSettingsTable
  pull_request: PullRequestTable
  pull_request_breakdown: PullRequestBreakdownTable
  pull_request_change: PullRequestChangeTable
  pull_request_commit: PullRequestCommitTable
  pull_request_event: PullRequestEventTable
  pull_request_figures: PullRequestFiguresTable
  pull_request_key: PullRequestKeyTable
  pull_request_label: PullRequestLabelTable
  pull_request_origin: PullRequestOriginTable
  pull_request_review: PullRequestReviewTable
  pull_request_reviewer: PullRequestReviewerTable
  pull_request_summary: PullRequestSummaryTable
  pull_request_team: PullRequestTeamTable
  pull_request_to_compute: PullRequestToComputeTable
  pull_request_to_read: PullRequestToReadTable
  raw_page: RawPageTable
  reconciliation: ReconciliationTable
  regrouped_finding: RegroupedFindingTable
  regrouping: RegroupingTable
  remediation_decision: RemediationDecisionTable
  remediation_link: RemediationLinkTable
  removed_place: RemovedPlaceTable
  repository: RepositoryTable
  repository_to_compute: RepositoryToComputeTable
  request_budget: RequestBudgetTable
  route: RouteTable
  saved_view: SavedViewTable
  settled_deployments: SettledDeploymentsTable
  snapshot_day_to_take: SnapshotDayToTakeTable
  summary_reply: SummaryReplyTable
  team: TeamTable
  team_holiday: TeamHolidayTable
  team_hours: TeamHoursTable
  team_member: TeamMemberTable
  team_repository: TeamRepositoryTable
  vulnerability: VulnerabilityTable
  vulnerability_asset_count: VulnerabilityAssetCountTable
  vulnerability_count: VulnerabilityCountTable
  vulnerability_count_change: VulnerabilityCountChangeTable
  vulnerability_event: VulnerabilityEventTable
  vulnerability_figures: VulnerabilityFiguresTable
  vulnerability_tag: VulnerabilityTagTable
  vulnerability_template: VulnerabilityTemplateTable
  vulnerability_to_follow: VulnerabilityToFollowTable
  webhook: WebhookTable
  weekly_digest: WeeklyDigestTable
  weekly_digest_settings: WeeklyDigestSettingsTable
  weir_migration: WeirMigrationTable
  working_agreement: WorkingAgreementTable
}
