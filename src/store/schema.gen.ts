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

export type ConnectionTable = {
  organization_id: string
  id: string
  kind: string
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
  repository_id: string
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
}

export type EvidenceFileChunkTable = {
  organization_id: string
  evidence_file_id: string
  position: number
  data: Buffer
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

export type InstanceTable = {
  singleton: Generated<boolean>
  instance_id: string
  setup_token_hash: string | null
  setup_done_at: Timestamp | null
  created_at: Generated<Timestamp>
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

export type MessageRevisionTable = {
  organization_id: string
  message_id: string
  version: number
  body: string
  replaced_at: Timestamp
}

export type NotificationTable = {
  organization_id: string
  id: string
  member_id: string
  vulnerability_id: string | null
  kind: 'message' | 'awaiting_validation' | 'reopened' | 'sync_failed' | 'deadline_approaching' | 'deadline_breached' | 'acceptance_ending' | 'acceptance_due' | 'acceptance_ended'
  message_id: string | null
  subject: string
  read_at: Timestamp | null
  created_at: Timestamp
  vulnerability_count: number | null
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
}

export type OauthConsumerTable = {
  organization_id: string
  id: string
  kind: string
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
  kind: 'create_defect' | 'push_state' | 'create_comment' | 'update_comment' | 'delete_comment'
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
}

export type RequestBudgetTable = {
  organization_id: string
  connection_id: string
  window_start: Timestamp
  lane: 'person' | 'webhook' | 'status' | 'bulk'
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
}

export type WeirMigrationTable = {
  number: number
  name: string
  checksum: string
  applied_at: Generated<Timestamp>
}

export type Database = {
  advisory_alias: AdvisoryAliasTable
  api_token: ApiTokenTable
  asset: AssetTable
  asset_score: AssetScoreTable
  asset_score_day: AssetScoreDayTable
  asset_to_score: AssetToScoreTable
  audit_event: AuditEventTable
  auth_account: AuthAccountTable
  auth_membership: AuthMembershipTable
  auth_session: AuthSessionTable
  auth_user: AuthUserTable
  auth_verification: AuthVerificationTable
  bulk_change: BulkChangeTable
  bulk_change_item: BulkChangeItemTable
  connection: ConnectionTable
  deadline_run: DeadlineRunTable
  default_view: DefaultViewTable
  defect: DefectTable
  delivery: DeliveryTable
  epss_score: EpssScoreTable
  evidence_file: EvidenceFileTable
  evidence_file_chunk: EvidenceFileChunkTable
  finding: FindingTable
  idempotency_key: IdempotencyKeyTable
  import: ImportTable
  import_file_chunk: ImportFileChunkTable
  import_item: ImportItemTable
  import_progress: ImportProgressTable
  instance: InstanceTable
  intelligence_load: IntelligenceLoadTable
  invitation: InvitationTable
  known_exploited: KnownExploitedTable
  member: MemberTable
  message: MessageTable
  message_link: MessageLinkTable
  message_revision: MessageRevisionTable
  notification: NotificationTable
  oauth_authorization: OauthAuthorizationTable
  oauth_consumer: OauthConsumerTable
  operation: OperationTable
  organization: OrganizationTable
  organization_score_day: OrganizationScoreDayTable
  organization_settings: OrganizationSettingsTable
  policy: PolicyTable
  regrouped_finding: RegroupedFindingTable
  regrouping: RegroupingTable
  repository: RepositoryTable
  request_budget: RequestBudgetTable
  route: RouteTable
  saved_view: SavedViewTable
  vulnerability: VulnerabilityTable
  vulnerability_asset_count: VulnerabilityAssetCountTable
  vulnerability_count: VulnerabilityCountTable
  vulnerability_count_change: VulnerabilityCountChangeTable
  vulnerability_event: VulnerabilityEventTable
  vulnerability_tag: VulnerabilityTagTable
  vulnerability_template: VulnerabilityTemplateTable
  webhook: WebhookTable
  weir_migration: WeirMigrationTable
}
