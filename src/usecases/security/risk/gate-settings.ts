import {
  type GateSettings,
  type GateVerdict,
  type GateOverride as GivenOverride,
  gateOverride,
  gateSettings,
} from '../../../../contract/security/gate.ts'
import {
  defaultGate,
  type GateLimit,
  type GateOverride,
  type GateRules,
  resolveGateRules,
} from '../../../domain/gate/gate-rules.ts'
import { judgeGate } from '../../../domain/gate/judge-gate.ts'
import { severities } from '../../../domain/severity.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import { findStoredGate, type GateAsset, listGateAssets, writeStoredGate } from '../../../store/security/gate.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Own = GateSettings & { is_default: boolean }

/** The limits of the organization; those of the product while it decided nothing. */
export async function getGateSettings(deps: { db: Db }, { organizationId }: { organizationId: string }): Promise<Own> {
  const stored = await findStoredGate(deps.db, organizationId)
  return stored === null
    ? { ...toSettings(defaultGate), is_default: true }
    : { ...gateSettings.parse(stored), is_default: false }
}

/** Sets the limits of the organization. */
export async function updateGateSettings(
  deps: Deps,
  input: { organizationId: string; actor: AuditActor; settings: GateSettings },
): Promise<Own> {
  await deps.db.transaction().execute((tx) => updateInTransaction(deps, tx, input))
  return getGateSettings(deps, input)
}

async function updateInTransaction(
  deps: Deps,
  tx: Db,
  { organizationId, actor, settings }: { organizationId: string; actor: AuditActor; settings: GateSettings },
): Promise<void> {
  const { is_default: _isDefault, ...before } = await getGateSettings({ db: tx }, { organizationId })
  await writeStoredGate(tx, { organizationId, gate: settings, now: deps.clock() })
  await recordAudit(deps, tx, { organizationId, actor, action: 'gate.changed', before, after: settings })
}

/** How the default branch of each living asset would be judged by these settings now. */
export async function tryGateSettings(
  deps: { db: Db; clock: Clock },
  { organizationId, settings }: { organizationId: string; settings: GateSettings },
): Promise<Record<GateVerdict, number>> {
  const assets = await listGateAssets(deps.db, organizationId)
  const counts = { passed: 0, warning: 0, failed: 0, could_not_decide: 0 }
  for (const asset of assets) counts[judgeAsset(asset, settings, deps.clock())] += 1
  return counts
}

/** The verdict over the default branch of an asset. */
export function judgeAsset(asset: GateAsset, settings: GateSettings, now: Date): GateVerdict {
  const rules = toRules(settings, parseOverride(asset.override))
  // Whose age comes near a limit does not change the verdict, only how many there are.
  const open = asset.open.map((tally) => ({ ...tally, oldestAt: new Date(tally.oldestAt), old: 0 }))
  const { newestImportAt } = asset
  return judgeGate({ rules, open, newestImportAt, mostImportAgeDays: settings.most_import_age_days }, now).kind
}

/** The limits of an asset: its own where it names one, else the organization's. */
export function toRules(settings: GateSettings, override: GivenOverride): GateRules {
  const own: GateOverride = mapSeverities(override)
  const { critical, high, medium, low, notification } = settings.limits
  const rules = {
    critical: limit(critical),
    high: limit(high),
    medium: limit(medium),
    low: limit(low),
    notification: limit(notification),
  }
  return resolveGateRules(rules, own)
}

function mapSeverities(override: GivenOverride): GateOverride {
  return Object.fromEntries(
    severities.flatMap((severity) => {
      const own = override[severity]
      if (own === undefined) return []
      const limit = {
        ...(own.most_open !== undefined && { mostOpen: own.most_open }),
        ...(own.most_age_days !== undefined && { mostAgeDays: own.most_age_days }),
      }
      return [[severity, limit] as const]
    }),
  )
}

type GivenLimit = GateSettings['limits']['critical']

function limit(given: GivenLimit): GateLimit {
  return { mostOpen: given.most_open, mostAgeDays: given.most_age_days }
}

function given({ mostOpen, mostAgeDays }: GateLimit): GivenLimit {
  return { most_open: mostOpen, most_age_days: mostAgeDays }
}

function toSettings({ rules, mostImportAgeDays }: typeof defaultGate): GateSettings {
  const { critical, high, medium, low, notification } = rules
  return {
    limits: {
      critical: given(critical),
      high: given(high),
      medium: given(medium),
      low: given(low),
      notification: given(notification),
    },
    most_import_age_days: mostImportAgeDays,
  }
}

/** What an asset says otherwise, as it was stored. */
export function parseOverride(stored: unknown): GivenOverride {
  return stored === null ? {} : gateOverride.parse(stored)
}
