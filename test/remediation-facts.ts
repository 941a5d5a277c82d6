import { sql } from 'kysely'
import { newId } from '../src/lib/ids.ts'
import type { Db } from '../src/store/db.ts'

type Place = { organizationId: string; repositoryId: string }
const environmentOf = (repositoryId: string): string => repositoryId.replace(/^.{8}/, 'eeeeeeee')

/** An environment of production, to which `insertDeployment` deploys. */
export async function insertProduction(db: Db, { organizationId, repositoryId }: Place): Promise<void> {
  await db
    .insertInto('environment')
    .values({
      organization_id: organizationId,
      id: environmentOf(repositoryId),
      repository_id: repositoryId,
      remote_uuid: '{live}',
      name: 'Live',
      remote_kind: 'production',
    })
    .execute()
}

/** A successful deployment to production, of a commit named by one letter. Answers its id. */
export async function insertDeployment(
  db: Db,
  { organizationId, repositoryId, completedAt, commit }: Place & { completedAt: string; commit?: string },
): Promise<string> {
  const id = newId()
  await db
    .insertInto('deployment')
    .values({
      organization_id: organizationId,
      id,
      repository_id: repositoryId,
      environment_id: environmentOf(repositoryId),
      source: 'bitbucket',
      remote_key: id,
      commit: commit?.repeat(12) ?? null,
      state: 'successful',
      completed_at: completedAt,
    })
    .execute()
  return id
}

export type StatedVulnerability = Place & {
  number: number
  openedAt: string
  id?: string
  severity?: 'critical' | 'high' | 'medium' | 'low'
  status?: 'identified' | 'false_positive'
  branch?: string
  dueAt?: string
  /** It is fixed then. */
  fixedAt?: string
  reopenedAt?: string
  lastSeenAt?: string
  triagedAt?: string
  /** Key of its item in Jira. */
  jiraKey?: string
  /** Number of the pull request its thread sits on. */
  thread?: number
  /** Commits of the first scan, and of the one that no longer had it. */
  scanned?: string
  goneIn?: string
  /** Where the finding of the first scan stands. */
  place?: { path: string; line: number }
}

/** Writes a vulnerability of the repository's asset, with what happened to it. Answers its id. */
export async function insertVulnerability(db: Db, stated: StatedVulnerability): Promise<string> {
  const { organizationId: organization_id, number, openedAt, fixedAt, id = newId() } = stated
  const asset_id = await ensureAsset(db, stated)
  const branch = stated.branch ?? 'main'
  await db
    .insertInto('vulnerability')
    .values({
      organization_id,
      id,
      number,
      asset_id,
      branch,
      title: `Problem ${number}`,
      severity: stated.severity ?? 'high',
      severity_source: 'tool',
      scanner: 'semgrep',
      rule_id: 'js.sql-injection',
      status: stated.status ?? (fixedAt !== undefined && stated.reopenedAt === undefined ? 'fixed' : 'identified'),
      opened_at: openedAt,
      due_at: stated.dueAt ?? null,
      fixed_at: stated.reopenedAt === undefined ? (fixedAt ?? null) : null,
      last_seen_at: stated.lastSeenAt ?? stated.reopenedAt ?? openedAt,
    })
    .execute()
  const gone =
    stated.goneIn === undefined
      ? null
      : await insertImport(db, { organization_id, asset_id, branch, commit_hash: stated.goneIn })
  if (stated.scanned !== undefined) {
    const import_id = await insertImport(db, { organization_id, asset_id, branch, commit_hash: stated.scanned })
    await insertFinding(db, {
      organization_id,
      asset_id,
      branch,
      vulnerability_id: id,
      commit_hash: stated.scanned,
      import_id,
      active: fixedAt === undefined || stated.reopenedAt !== undefined,
      path: stated.place?.path ?? null,
      start_line: stated.place?.line ?? null,
    })
  }
  const event = { organization_id, vulnerability_id: id, actor_kind: 'scan' as const, actor_name: 'Semgrep' }
  const moves = [
    { at: stated.triagedAt, kind: 'assignee', from: null, to: null, by: 'member' as const, import_id: null },
    { at: fixedAt, kind: 'status', from: 'identified', to: 'fixed', by: 'scan' as const, import_id: gone },
    { at: stated.reopenedAt, kind: 'status', from: 'fixed', to: 'identified', by: 'scan' as const, import_id: null },
  ]
  for (const { at, kind, from, to, by, import_id } of moves)
    if (at !== undefined)
      await db
        .insertInto('vulnerability_event')
        .values({
          ...event,
          id: newId(),
          kind,
          actor_kind: by,
          before: from === null ? null : JSON.stringify({ status: from }),
          after: to === null ? null : JSON.stringify({ status: to }),
          import_id,
          created_at: at,
        })
        .execute()
  await insertDefects(db, stated, id)
  return id
}

async function ensureAsset(db: Db, { organizationId: organization_id, repositoryId }: Place): Promise<string> {
  const place = { organization_id, repository_id: repositoryId }
  const found = await db
    .selectFrom('asset')
    .select('id')
    .where('organization_id', '=', organization_id)
    .where('repository_id', '=', repositoryId)
    .executeTakeFirst()
  if (found !== undefined) return found.id
  const id = newId()
  await db
    .insertInto('asset')
    .values({ ...place, id, key: id, name: `Asset ${id.slice(-4)}`, default_branch: 'main' })
    .execute()
  return id
}

type Scan = { organization_id: string; asset_id: string; branch: string; commit_hash: string }

async function insertImport(db: Db, scan: Scan): Promise<string> {
  const id = newId()
  const file = { file_name: 'report.sarif', file_sha256: id, file_bytes: 1, source: 'cli' as const }
  await db
    .insertInto('import')
    .values({ ...scan, ...file, id, format: 'sarif', state: 'applied', applied_at: new Date() })
    .execute()
  return id
}

async function insertFinding(
  db: Db,
  {
    import_id,
    ...row
  }: Scan & {
    vulnerability_id: string
    import_id: string
    active: boolean
    path: string | null
    start_line: number | null
  },
): Promise<void> {
  const told = {
    scanner: 'semgrep',
    format: 'sarif',
    rule_id: 'js.sql-injection',
    title: 'Problem',
    severity: 'high' as const,
  }
  const known = {
    content_key: row.vulnerability_id,
    body_hash: 'x',
    last_step: 'new',
    first_import_id: import_id,
    last_import_id: import_id,
  }
  await db
    .insertInto('finding')
    .values({ ...row, ...told, ...known, id: newId() })
    .execute()
}

async function insertDefects(
  db: Db,
  { organizationId: organization_id, repositoryId, jiraKey, thread, openedAt }: StatedVulnerability,
  vulnerability_id: string,
): Promise<void> {
  const { id: connection_id } = await db
    .selectFrom('connection')
    .select('id')
    .where('organization_id', '=', organization_id)
    .executeTakeFirstOrThrow()
  const row = { organization_id, vulnerability_id, connection_id, link: 'ok' as const, container_id: 'x' }
  if (jiraKey !== undefined)
    await db
      .insertInto('defect')
      .values({
        ...row,
        id: newId(),
        tracker: 'jira',
        remote_id: newId(),
        url: `https://meadow.example/browse/${jiraKey}`,
        created_at: openedAt,
      })
      .execute()
  if (thread !== undefined)
    await db
      .insertInto('defect')
      .values({
        ...row,
        id: newId(),
        tracker: 'bitbucket_discussions',
        repository_id: repositoryId,
        remote_id: sql<string>`${`pull_request:${thread}:${newId()}`}`,
        created_at: openedAt,
      })
      .execute()
}
