import type { Db } from '../src/store/db.ts'
import { type DeploymentKind, fillDeployments, newDeploymentIds } from './tenant-deployment-rows.ts'
import { fillPeople, newPeopleIds, type PeopleKind } from './tenant-people-rows.ts'
import { fillOutgoing, fillSync } from './tenant-sync-rows.ts'

/** One row of everything an API address can name, in one organization. */
export type TenantIds = Record<
  | 'member'
  | 'invitation'
  | 'api_token'
  | 'connection'
  | 'repository'
  | 'webhook'
  | 'asset'
  | 'import'
  | 'waiting_import'
  | 'vulnerability'
  | 'finding'
  | 'policy'
  | 'route'
  | 'saved_view'
  | 'bulk_change'
  | 'running_bulk_change'
  | 'evidence_file'
  | 'attachment'
  | 'vulnerability_template'
  | 'defect'
  | 'message'
  | PeopleKind
  | DeploymentKind
  | 'contributor'
  | 'notification'
  | 'delivery'
  | 'outgoing_webhook'
  | 'outgoing_delivery'
  | 'operation',
  string
>

export type Fixture = { organizationId: string; memberId: string; newId: () => string; mark: string; at: Date }

/** Fills an organization by plain rows; every text in it carries `mark`, so that a leak can be searched for. */
export async function fillTenant(db: Db, fixture: Fixture): Promise<TenantIds> {
  const { newId } = fixture
  const ids: TenantIds = {
    member: fixture.memberId,
    invitation: newId(),
    api_token: newId(),
    connection: newId(),
    repository: newId(),
    webhook: newId(),
    asset: newId(),
    import: newId(),
    waiting_import: newId(),
    vulnerability: newId(),
    finding: newId(),
    policy: newId(),
    route: newId(),
    saved_view: newId(),
    bulk_change: newId(),
    running_bulk_change: newId(),
    evidence_file: newId(),
    attachment: newId(),
    vulnerability_template: newId(),
    defect: newId(),
    message: newId(),
    contributor: newId(),
    ...newPeopleIds(newId),
    ...newDeploymentIds(newId),
    notification: newId(),
    delivery: newId(),
    outgoing_webhook: newId(),
    outgoing_delivery: newId(),
    operation: newId(),
  }
  await fillAccess(db, fixture, ids)
  await fillRemotes(db, fixture, ids)
  await fillSecurity(db, fixture, ids)
  await fillBulkChanges(db, fixture, ids)
  await fillSync(db, fixture, ids)
  await fillOutgoing(db, fixture, ids)
  await fillPeople(db, fixture, ids)
  await fillDeployments(db, fixture, ids)
  return ids
}

async function fillAccess(db: Db, { organizationId: organization_id, mark, at }: Fixture, ids: TenantIds) {
  const expires_at = new Date(at.getTime() + 3 * 24 * 3600 * 1000)
  const invitation = {
    id: ids.invitation,
    email: `${mark}-invited@example.com`,
    role: 'viewer',
    token_hash: mark,
  } as const
  await db
    .insertInto('invitation')
    .values({ organization_id, ...invitation, invited_by: ids.member, expires_at })
    .execute()
  const token = { id: ids.api_token, member_id: ids.member, name: `${mark} token`, prefix: `weir_${mark}` }
  await db
    .insertInto('api_token')
    .values({ organization_id, ...token, token_hash: mark, scopes: ['read'], expires_at })
    .execute()
}

async function fillRemotes(db: Db, { organizationId: organization_id, mark, at }: Fixture, ids: TenantIds) {
  await db
    .insertInto('connection')
    .values({
      organization_id,
      id: ids.connection,
      kind: 'bitbucket',
      auth_kind: 'api_token',
      name: `${mark} workspace`,
      api_url: 'http://127.0.0.1:9/2.0',
      web_url: 'http://127.0.0.1:9',
      workspace_uuid: `{${mark}}`,
      workspace_slug: mark,
      workspace_name: `${mark} workspace`,
      sealed_credential: `${mark}-sealed-canary`,
      state: 'active',
      checked_at: at,
    })
    .execute()
  await db
    .insertInto('repository')
    .values({
      organization_id,
      id: ids.repository,
      connection_id: ids.connection,
      remote_uuid: `{${ids.repository}}`,
      workspace_uuid: `{${mark}}`,
      workspace_slug: mark,
      slug: `${mark}-repo`,
      name: `${mark} repo`,
      web_url: `http://127.0.0.1:9/${mark}`,
      has_issues: true,
    })
    .execute()
  await db
    .insertInto('webhook')
    .values({
      organization_id,
      id: ids.webhook,
      connection_id: ids.connection,
      subject: 'repository',
      repository_id: ids.repository,
      remote_uuid: `{${ids.webhook}}`,
      url: `http://127.0.0.1:9/hooks/${mark}`,
      sealed_secret: `${mark}-sealed-canary`,
      events: ['issue:comment_created'],
      health: 'ok',
    })
    .execute()
}

async function fillSecurity(db: Db, { organizationId: organization_id, mark, at }: Fixture, ids: TenantIds) {
  const repository_id = ids.repository
  await db
    .insertInto('asset')
    .values({
      organization_id,
      id: ids.asset,
      key: `${mark}-asset`,
      name: `${mark} asset`,
      repository_id,
      default_branch: 'main',
    })
    .execute()
  const file = { file_name: `${mark}.sarif`, file_sha256: mark, file_bytes: 10, source: 'api', branch: 'main' } as const
  for (const [id, state] of [
    [ids.import, 'applied'],
    [ids.waiting_import, 'previewed'],
  ] as const)
    await db
      .insertInto('import')
      .values({ organization_id, id, asset_id: ids.asset, state, ...file, applied_at: state === 'applied' ? at : null })
      .execute()
  await db
    .insertInto('vulnerability')
    .values({
      organization_id,
      id: ids.vulnerability,
      number: 1,
      asset_id: ids.asset,
      branch: 'main',
      title: `${mark} vulnerability`,
      severity: 'high',
      severity_source: 'tool',
      scanner: `${mark} scanner`,
      rule_id: `${mark}-rule`,
      path: `src/${mark}.ts`,
      line: 3,
      status: 'identified',
      opened_at: at,
      last_seen_at: at,
    })
    .execute()
  await db
    .insertInto('finding')
    .values({
      organization_id,
      id: ids.finding,
      asset_id: ids.asset,
      branch: 'main',
      vulnerability_id: ids.vulnerability,
      scanner: `${mark} scanner`,
      format: 'sarif',
      rule_id: `${mark}-rule`,
      title: `${mark} finding`,
      severity: 'high',
      content_key: mark,
      body_hash: mark,
      first_import_id: ids.import,
      last_import_id: ids.import,
      last_step: 'new',
    })
    .execute()
  await db
    .insertInto('saved_view')
    .values({ organization_id, id: ids.saved_view, name: `${mark} view`, search: `?q=${mark}`, created_by: ids.member })
    .execute()
  await db
    .insertInto('policy')
    .values({ organization_id, id: ids.policy, name: `${mark} policy`, min_severity: 'critical', enabled: false })
    .execute()
  await db
    .insertInto('route')
    .values({ organization_id, id: ids.route, asset_id: ids.asset, branch: mark, tracker: 'bitbucket-issues' })
    .execute()
  await fillByHand(db, { organization_id, mark, at }, ids)
}

async function fillByHand(
  db: Db,
  { organization_id, mark, at }: { organization_id: string; mark: string; at: Date },
  ids: TenantIds,
) {
  const rating = { impact: 2, probability: 2 }
  await db
    .insertInto('vulnerability_template')
    .values({ organization_id, id: ids.vulnerability_template, name: `${mark} template`, title: mark, ...rating })
    .execute()
  const file = { name: `${mark}.png`, media_type: 'image/png', bytes: 9, sha256: mark, created_at: at }
  await db
    .insertInto('evidence_file')
    .values({
      organization_id,
      id: ids.evidence_file,
      vulnerability_id: ids.vulnerability,
      ...file,
      added_by: ids.member,
      added_by_name: `${mark} author`,
    })
    .execute()
  await db
    .insertInto('evidence_file_chunk')
    .values({ organization_id, evidence_file_id: ids.evidence_file, position: 0, data: Buffer.from(`${mark}-sealed`) })
    .execute()
}

async function fillBulkChanges(db: Db, { organizationId: organization_id, mark, at }: Fixture, ids: TenantIds) {
  const who = { member_id: ids.member, member_name: `${mark} member`, kind: 'tags' } as const
  const change = JSON.stringify({ kind: 'tags', add: [`${mark} tag`], remove: [] })
  for (const [id, state] of [
    [ids.bulk_change, 'done'],
    [ids.running_bulk_change, 'running'],
  ] as const) {
    const times = { worked_at: at, created_at: at, finished_at: state === 'done' ? at : null }
    await db
      .insertInto('bulk_change')
      .values({ organization_id, id, ...who, change, state, total: 1, changed: 1, ...times })
      .execute()
    await db
      .insertInto('bulk_change_item')
      .values({
        organization_id,
        bulk_change_id: id,
        vulnerability_id: ids.vulnerability,
        state: 'refused',
        reason: `${mark} reason`,
      })
      .execute()
  }
}
