import { type GateOverride, type GateResult, gateOverride } from '../../../../contract/security/gate.ts'
import { judgeGate, listOffenders, warnsFrom } from '../../../domain/gate/judge-gate.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import type { AssetRow } from '../../../store/security/assets.ts'
import { findNewestImport, tallyOpen, writeGateOverride } from '../../../store/security/gate.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { findNamedAsset } from '../imports/find-target-asset.ts'
import { getGateSettings, parseOverride, toRules } from './gate-settings.ts'

type Deps = { db: Db; clock: Clock; publicUrl: string }

const mostListed = 100

/**
 * Asks the security gate about a branch of an asset, the default branch where none is named. A branch that no report was
 * applied for cannot be judged. Throws `not_found` for an unknown asset.
 */
export async function judgeBranch(
  deps: Deps,
  input: { organizationId: string; asset: string; branch?: string | undefined },
): Promise<GateResult> {
  const { organizationId } = input
  const asset = await findNamedAsset(deps.db, { organizationId, asset: input.asset })
  const place = { organizationId, assetId: asset.id, branch: input.branch ?? asset.default_branch }
  const [settings, newestImportAt] = await Promise.all([
    getGateSettings(deps, { organizationId }),
    findNewestImport(deps.db, place),
  ])
  const now = deps.clock()
  const override = parseOverride(asset.gate_override)
  const rules = toRules(settings, override)
  const open = await tallyOpen(deps.db, { ...place, warnsFrom: warnsFrom(rules, now), limit: mostListed })
  const { most_import_age_days: mostImportAgeDays } = settings
  const verdict = judgeGate({ rules, open, newestImportAt, mostImportAgeDays }, now)
  const answer = { ...toHead(asset, place.branch), newest_import_at: newestImportAt?.toISOString() ?? null, override }
  if (verdict.kind === 'could_not_decide') {
    const { kind, reason } = verdict
    return { ...answer, verdict: kind, reason, checks: [], offenders: [], offenders_total: 0 }
  }
  const known = new Map(open.flatMap(({ oldest }) => oldest.map((one) => [one.id, one])))
  const offenders = listOffenders([...known.values()], verdict.checks, now).slice(0, mostListed)
  return {
    ...answer,
    verdict: verdict.kind,
    reason: null,
    checks: verdict.checks,
    offenders: offenders.map(({ id, severity, ageDays, level, limits }) => {
      const { number = 0, title = '' } = known.get(id) ?? {}
      const url = `${deps.publicUrl}/vulnerabilities/${id}`
      return { id, number, title, severity, age_days: ageDays, level, limits, url }
    }),
    offenders_total: verdict.offenders,
  }
}

function toHead({ id, key, name }: AssetRow, branch: string): Pick<GateResult, 'asset' | 'branch'> {
  return { asset: { id, key, name }, branch }
}

/** Sets what an asset asks otherwise than the organization; nothing named is no difference. Throws `not_found`. */
export async function updateAssetGate(
  deps: Deps & { newId: NewId },
  input: { organizationId: string; id: string; actor: AuditActor; override: GateOverride },
): Promise<GateResult> {
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
  return judgeBranch(deps, { organizationId: input.organizationId, asset: input.id })
}

async function updateInTransaction(
  deps: { clock: Clock; newId: NewId },
  tx: Db,
  input: { organizationId: string; id: string; actor: AuditActor; override: GateOverride },
): Promise<void> {
  const { organizationId, id, actor } = input
  const asset = await findNamedAsset(tx, { organizationId, asset: id })
  if (asset.id !== id) throw new AppError('not_found', 'There is no such asset here.')
  const named = Object.entries(input.override).filter(([, limit]) => Object.keys(limit ?? {}).length > 0)
  const override = named.length === 0 ? null : gateOverride.parse(Object.fromEntries(named))
  await writeGateOverride(tx, { organizationId, assetId: id, override, now: deps.clock() })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'asset.gate_changed',
    target: { kind: 'asset', id },
    before: { override: parseOverride(asset.gate_override) },
    after: { override: override ?? {} },
  })
}
