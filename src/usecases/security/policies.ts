import type * as z from 'zod'
import {
  type createPolicy as createRoute,
  type Policy,
  policySlaStates,
  type tryPolicy as tryRoute,
} from '../../../contract/security/policies.ts'
import { findingKinds } from '../../domain/finding-kind.ts'
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
  type PolicyConditions,
  type PolicyRow,
  tryConditions,
  updatePolicy as updateRow,
} from '../../store/security/policies.ts'
import { listSummaries } from '../../store/security/vulnerability-summaries.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Key = { organizationId: string; id: string }
type Created = z.output<NonNullable<(typeof createRoute)['body']>>
type Settings = { [Name in keyof Created]?: Created[Name] | undefined }
type Asked = z.output<NonNullable<(typeof tryRoute)['body']>>

/** Most that one import sends by a policy nobody said a number for. */
const defaultMaxPerRun = 100

export async function listPolicies(
  deps: { db: Db },
  input: { organizationId: string; query: { cursor?: string | undefined; limit?: number | undefined } },
): Promise<Page<Policy>> {
  const page = parsePageRequest(input.query)
  return toPage(await listRows(deps.db, { organizationId: input.organizationId, page }), page.limit, toPolicy)
}

export type CreatePolicyInput = Created & { organizationId: string; actor: AuditActor }

/** Throws `validation_failed` for assets that are not of this organization. */
export async function createPolicy(deps: Deps, input: CreatePolicyInput): Promise<Policy> {
  return deps.db.transaction().execute((tx) => createInTransaction(deps, tx, input))
}

async function createInTransaction(deps: Deps, tx: Db, input: CreatePolicyInput): Promise<Policy> {
  const { organizationId, actor, name, enabled = true, max_per_run: maxPerRun = defaultMaxPerRun } = input
  const assetIds = await requireAssets(tx, organizationId, input.asset_ids ?? [])
  const id = deps.newId()
  const createdBy = actor.kind === 'member' ? actor.memberId : null
  const fields = { name, enabled, maxPerRun, ...toConditions(input), assetIds }
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
    ...(input.kinds !== undefined && { kinds: input.kinds }),
    ...(assetIds !== undefined && { assetIds }),
    ...(input.tags !== undefined && { tags: input.tags }),
    ...(input.branches !== undefined && { branches: input.branches }),
    ...(input.sla_states !== undefined && { slaStates: input.sla_states }),
    ...(input.max_per_run !== undefined && { maxPerRun: input.max_per_run }),
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
export type TryPolicyInput = Asked & { organizationId: string; memberId: string }

const examples = 10

/** What a policy would send of what is open now; nothing is sent. */
export async function tryPolicy(deps: { db: Db; clock: Clock }, input: TryPolicyInput): Promise<Trial> {
  const { organizationId, memberId } = input
  const now = deps.clock()
  const trial = await tryConditions(deps.db, { organizationId, conditions: toConditions(input), limit: examples, now })
  return {
    matching: trial.matching,
    already_sent: trial.alreadySent,
    would_send: trial.matching - trial.alreadySent,
    by_severity: trial.bySeverity,
    examples: await listSummaries(deps.db, { organizationId, memberId, ids: trial.ids, now }),
  }
}

export function toConditions(asked: Asked): PolicyConditions {
  return {
    minSeverity: asked.min_severity,
    kinds: asked.kinds ?? [],
    assetIds: asked.asset_ids ?? [],
    tags: asked.tags ?? [],
    branches: asked.branches ?? [],
    slaStates: asked.sla_states ?? [],
  }
}

async function requireAssets(tx: Db, organizationId: string, ids: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(ids)]
  if ((await countAssets(tx, { organizationId, ids: wanted })) === wanted.length) return wanted
  throw new AppError('validation_failed', 'asset_ids: one of them is no asset here.')
}

/** Throws `not_found`. */
export async function getPolicy(db: Db, key: Key): Promise<Policy> {
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
    kinds: findingKinds.filter((kind) => row.kinds.includes(kind)),
    asset_ids: row.asset_ids,
    tags: row.tags,
    branches: row.branches,
    sla_states: policySlaStates.filter((state) => row.sla_states.includes(state)),
    max_per_run: row.max_per_run,
    held_back:
      row.held_back === 0 || row.held_back_at === null
        ? null
        : { count: row.held_back, at: row.held_back_at.toISOString() },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
