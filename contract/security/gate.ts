import * as z from 'zod'
import { id, idParams, severity, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Null is no limit. */
const mostOpen = z.number().int().min(0).max(1_000_000).nullable()
const mostAgeDays = z.number().int().min(1).max(36_500).nullable()

const limit = z.strictObject({ most_open: mostOpen, most_age_days: mostAgeDays })
/** How many may be open at most of each severity, and how many days old each may get. */
export const gateLimits = z.strictObject({
  critical: limit,
  high: limit,
  medium: limit,
  low: limit,
  notification: limit,
})

export const gateSettings = z.strictObject({
  limits: gateLimits,
  /** From this age on, in days, the newest report tells too little to decide by. */
  most_import_age_days: mostAgeDays,
})
export type GateSettings = z.infer<typeof gateSettings>

/** What an asset says otherwise: only what it names, and null lifts a limit. */
export const gateOverride = z.strictObject({
  critical: limit.partial().optional(),
  high: limit.partial().optional(),
  medium: limit.partial().optional(),
  low: limit.partial().optional(),
  notification: limit.partial().optional(),
})
export type GateOverride = z.infer<typeof gateOverride>

const verdict = z.enum(['passed', 'warning', 'failed', 'could_not_decide'])
export type GateVerdict = z.infer<typeof verdict>
const limitName = z.enum(['most_open', 'most_age_days'])

/** `is_default`: the organization has decided nothing yet. */
const ownSettings = z.object({ ...gateSettings.shape, is_default: z.boolean() })

export const getGateSettings = defineRoute({
  id: 'getGateSettings',
  method: 'GET',
  path: '/api/v1/settings/gate',
  summary: 'Limits of the security gate',
  tag: 'Security gate',
  access: 'read',
  status: 200,
  response: ownSettings,
})

export const updateGateSettings = defineRoute({
  id: 'updateGateSettings',
  method: 'PUT',
  path: '/api/v1/settings/gate',
  summary: 'Set the limits of the security gate for all assets',
  tag: 'Security gate',
  access: 'organization.write',
  status: 200,
  body: gateSettings,
  response: ownSettings,
})

export const tryGateSettings = defineRoute({
  id: 'tryGateSettings',
  method: 'POST',
  path: '/api/v1/settings/gate/try',
  summary: 'Dry run: how the default branch of each asset would be judged now',
  tag: 'Security gate',
  access: 'read',
  status: 200,
  body: gateSettings,
  response: z.object({
    passed: z.number().int(),
    warning: z.number().int(),
    failed: z.number().int(),
    could_not_decide: z.number().int(),
  }),
})

export const gateResult = z.object({
  asset: z.object({ id, key: z.string(), name: z.string() }),
  branch: z.string(),
  verdict,
  /** Why it could not decide, in a sentence; else null. */
  reason: z.string().nullable(),
  /** When a report was last taken in for the branch. */
  newest_import_at: timestamp.nullable(),
  /** One for each limit there is, the worst severity first. */
  checks: z.array(
    z.object({
      severity,
      limit: limitName,
      most: z.number().int(),
      /** Open vulnerabilities, or whole days of the oldest. */
      actual: z.number().int(),
      level: z.enum(['passed', 'warning', 'failed']),
    }),
  ),
  /** What stands in the way, or nearly, worst first; at most a hundred. */
  offenders: z.array(
    z.object({
      id,
      number: z.number().int(),
      title: z.string(),
      severity,
      age_days: z.number().int(),
      level: z.enum(['warning', 'failed']),
      limits: z.array(limitName),
      url: z.string(),
    }),
  ),
  offenders_total: z.number().int(),
  /** What the asset says otherwise than the organization. */
  override: gateOverride,
})
export type GateResult = z.infer<typeof gateResult>

export const getAssetGate = defineRoute({
  id: 'getAssetGate',
  method: 'GET',
  path: '/api/v1/assets/:id/gate',
  summary: 'Whether a branch of an asset passes the security gate, by the id or the key of the asset',
  tag: 'Security gate',
  access: 'gate.read',
  status: 200,
  /** The id of the asset, or its key. */
  params: z.strictObject({ id: z.string().min(1).max(100) }),
  query: z.strictObject({ branch: z.string().trim().min(1).max(255).optional() }),
  response: gateResult,
})

export const updateAssetGate = defineRoute({
  id: 'updateAssetGate',
  method: 'PUT',
  path: '/api/v1/assets/:id/gate',
  summary: 'Set what an asset asks otherwise than the organization; nothing named is no difference',
  tag: 'Security gate',
  access: 'asset.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ override: gateOverride }),
  response: gateResult,
})
