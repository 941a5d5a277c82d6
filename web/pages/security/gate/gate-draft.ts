import type { GateOverride, GateSettings } from '../../../../contract/security/gate.ts'
import { type Severity, severities } from '../../../../src/domain/severity.ts'

export const limitNames = ['most_open', 'most_age_days'] as const
export type LimitName = (typeof limitNames)[number]

export const mostOpen = 1_000_000
export const mostDays = 36_500

/** Fields as typed; an empty one is no limit. */
export type Draft = { readonly limits: Readonly<Record<string, string>>; readonly importAge: string }

export function fieldOf(severity: Severity, limit: LimitName): string {
  return `${severity} ${limit}`
}

export function toDraft(settings: GateSettings): Draft {
  const fields = severities.flatMap((severity) =>
    limitNames.map((limit) => [fieldOf(severity, limit), toText(settings.limits[severity][limit])] as const),
  )
  return { limits: Object.fromEntries(fields), importAge: toText(settings.most_import_age_days) }
}

/** The settings a draft says; undefined while a field is no whole number in its range. */
export function readDraft({ limits, importAge }: Draft): GateSettings | undefined {
  const [critical, high, medium, low, notification] = severities.map((severity) => readLimit(limits, severity))
  const age = readWhole(importAge, 1, mostDays)
  if (age === undefined || critical === undefined || high === undefined || medium === undefined) return undefined
  if (low === undefined || notification === undefined) return undefined
  return { limits: { critical, high, medium, low, notification }, most_import_age_days: age }
}

function readLimit(limits: Draft['limits'], severity: Severity): GateSettings['limits']['critical'] | undefined {
  const open = readWhole(limits[fieldOf(severity, 'most_open')] ?? '', 0, mostOpen)
  const days = readWhole(limits[fieldOf(severity, 'most_age_days')] ?? '', 1, mostDays)
  return open === undefined || days === undefined ? undefined : { most_open: open, most_age_days: days }
}

/** Null for an empty field, undefined for what is no such number. */
export function readWhole(text: string, least: number, most: number): number | null | undefined {
  const typed = text.trim()
  if (typed === '') return null
  const value = /^\d{1,7}$/.test(typed) ? Number(typed) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

function toText(limit: number | null): string {
  return limit === null ? '' : `${limit}`
}

/** One field of an asset's own gate: as the organization has it, no limit, or a number as typed. */
export type OwnLimit = { readonly kind: 'same' | 'none' | 'own'; readonly text: string }
export type OwnDraft = Readonly<Record<string, OwnLimit>>

export const same: OwnLimit = { kind: 'same', text: '' }

export function toOwnDraft(override: GateOverride): OwnDraft {
  const fields = severities.flatMap((severity) =>
    limitNames.flatMap((limit) => {
      const value = override[severity]?.[limit]
      if (value === undefined) return []
      const own: OwnLimit = value === null ? { kind: 'none', text: '' } : { kind: 'own', text: `${value}` }
      return [[fieldOf(severity, limit), own] as const]
    }),
  )
  return Object.fromEntries(fields)
}

/** What the asset says otherwise; undefined while an own number is none. */
export function readOwnDraft(draft: OwnDraft): GateOverride | undefined {
  const override: GateOverride = {}
  for (const severity of severities) {
    const open = readOwn(draft[fieldOf(severity, 'most_open')] ?? same, 0)
    const age = readOwn(draft[fieldOf(severity, 'most_age_days')] ?? same, 1)
    if (open === 'wrong' || age === 'wrong') return undefined
    const limit = { ...(open !== 'same' && { most_open: open }), ...(age !== 'same' && { most_age_days: age }) }
    if (Object.keys(limit).length > 0) override[severity] = limit
  }
  return override
}

function readOwn({ kind, text }: OwnLimit, least: 0 | 1): number | null | 'same' | 'wrong' {
  if (kind === 'same') return 'same'
  if (kind === 'none') return null
  return readWhole(text, least, least === 0 ? mostOpen : mostDays) ?? 'wrong'
}
