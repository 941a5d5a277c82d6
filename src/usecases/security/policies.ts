import type * as z from 'zod'
import type { Policy, tryPolicy as tryRoute } from '../../../contract/security/policies.ts'
import type { Severity } from '../../domain/severity.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { type Page, parsePageRequest, toPage } from '../../store/page.ts'
import { countAssets } from '../../store/security/assets.ts'
import {
  deletePolicy as deleteRow,
  findPolicy,
  insertPolicy,
  listPolicies as listRows,
  type PolicyRow,
  tryConditions,
  updatePolicy as updateRow,
} from '../../store/security/policies.ts'
import { listSummaries } from '../../store/security/vulnerability-summaries.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Key = { organizationId: string; id: string }
type Settings = {
  name?: string | undefined
  enabled?: boolean | undefined
  min_severity?: Severity | undefined
  asset_ids?: readonly string[] | undefined
  tags?: readonly string[] | undefined
}

export async function listPolicies(
  deps: { db: Db },
  input: { organizationId: string; query: { cursor?: string | undefined; limit?: number | undefined } },
): Promise<Page<Policy>> {
  const page = parsePageRequest(input.query)
  return toPage(await listRows(deps.db, { organizationId: input.organizationId, page }), page.limit, toPolicy)
}

export type CreatePolicyInput = Settings & {
  organizationId: string
  actor: AuditActor
  name: string
  min_severity: Severity
}

/** Throws `validation_failed` for assets that are not of this organization. */
export async function createPolicy(deps: Deps, input: CreatePolicyInput): Promise<Policy> {
  return deps.db.transaction().execute((tx) => createInTransaction(deps, tx, input))
}

async function createInTransaction(deps: Deps, tx: Db, input: CreatePolicyInput): Promise<Policy> {
  const { organizationId, actor, name, min_severity: minSeverity } = input
  const assetIds = await requireAssets(tx, organizationId, input.asset_ids ?? [])
  const id = deps.newId()
  const createdBy = actor.kind === 'member' ? actor.memberId : null
  const fields = { name, enabled: input.enabled ?? true, minSeverity, assetIds, tags: input.tags ?? [] }
  await insertPolicy(tx, { organizationId, id, createdBy, now: deps.clock(), ...fields })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'policy.created',
    target: { kind: 'policy', id },
    after: fields,
  })
  return getPolicy(tx, { organizationId, id })
}

export type UpdatePolicyInput = Settings & Key & { actor: AuditActor }

/** Throws `not_found`, `validation_failed`. */
export async function updatePolicy(deps: Deps, input: UpdatePolicyInput): Promise<Policy> {
  return deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
}

async function updateInTransaction(deps: Deps, tx: Db, input: UpdatePolicyInput): Promise<Policy> {
  const { organizationId, id, actor } = input
  const before = await getPolicy(tx, { organizationId, id })
  const assetIds = input.asset_ids && (await requireAssets(tx, organizationId, input.asset_ids))
  const change = {
    ...(input.name !== undefined && { name: input.name }),
    ...(input.enabled !== undefined && { enabled: input.enabled }),
    ...(input.min_severity !== undefined && { minSeverity: input.min_severity }),
    ...(assetIds !== undefined && { assetIds }),
    ...(input.tags !== undefined && { tags: input.tags }),
  }
  const row = await updateRow(tx, { organizationId, id }, { ...change, now: deps.clock() })
  if (row === undefined) throw notFound()
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'policy.changed',
    target: { kind: 'policy', id },
    before,
    after: change,
  })
  return toPolicy(row)
}

/** What it sent stays sent. Throws `not_found`. */
export async function deletePolicy(deps: Deps, input: Key & { actor: AuditActor }): Promise<void> {
  await deps.db.transaction().execute((tx) => deleteInTransaction(deps, tx, input))
}

async function deleteInTransaction(deps: Deps, tx: Db, input: Key & { actor: AuditActor }): Promise<void> {
  const { organizationId, id, actor } = input
  const before = await getPolicy(tx, { organizationId, id })
  await deleteRow(tx, { organizationId, id })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'policy.deleted',
    target: { kind: 'policy', id },
    before,
  })
}

type Trial = z.output<NonNullable<(typeof tryRoute)['response']>>
export type TryPolicyInput = {
  organizationId: string
  memberId: string
  min_severity: Severity
  asset_ids?: readonly string[] | undefined
  tags?: readonly string[] | undefined
}

const examples = 10

/** What a policy would send of what is open now; nothing is sent. */
export async function tryPolicy(deps: { db: Db; clock: Clock }, input: TryPolicyInput): Promise<Trial> {
  const { organizationId, memberId } = input
  const conditions = { minSeverity: input.min_severity, assetIds: input.asset_ids ?? [], tags: input.tags ?? [] }
  const trial = await tryConditions(deps.db, { organizationId, conditions, limit: examples })
  return {
    matching: trial.matching,
    already_sent: trial.alreadySent,
    would_send: trial.matching - trial.alreadySent,
    examples: await listSummaries(deps.db, { organizationId, memberId, ids: trial.exampleIds, now: deps.clock() }),
  }
}

async function requireAssets(tx: Db, organizationId: string, ids: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(ids)]
  if ((await countAssets(tx, { organizationId, ids: wanted })) === wanted.length) return wanted
  throw new AppError('validation_failed', 'asset_ids: one of them is no asset here.')
}

async function getPolicy(db: Db, key: Key): Promise<Policy> {
  const row = await findPolicy(db, key)
  if (row === undefined) throw notFound()
  return toPolicy(row)
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such policy here.')
}

function toPolicy(row: PolicyRow): Policy {
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    min_severity: row.min_severity,
    asset_ids: row.asset_ids,
    tags: row.tags,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
