import type { LabelRules } from '../../../contract/delivery/labels.ts'
import { findPatternFault, toLikePattern } from '../../domain/people/bot-pattern.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { type LabelRule, listLabelRuleRows, lockLabels, replaceLabelRules } from '../../store/delivery/label-rules.ts'
import { type AuditActor, recordAudit } from '../access/audit.ts'

type Asked = { organizationId: string }

/** Which pull requests get which label. */
export async function listLabelRules({ db }: { db: Db }, { organizationId }: Asked): Promise<LabelRules> {
  return { items: await listLabelRuleRows(db, organizationId) }
}

/**
 * Replaces all rules; every pull request has its new labels when this answers. Throws `validation_failed` for a pattern that
 * fits anything, and for two rules that are the same.
 */
export async function updateLabelRules(
  deps: { db: Db; clock: Clock; newId: NewId },
  { organizationId, actor, items }: Asked & { actor: AuditActor; items: readonly LabelRule[] },
): Promise<LabelRules> {
  const rules = items.map((rule) => ({ ...rule, id: deps.newId(), likePattern: toLike(rule) }))
  const keys = rules.map(({ label, field, likePattern }) => `${label} ${field} ${likePattern}`)
  const again = rules.find((_, index) => keys.indexOf(keys[index] ?? '') < index)
  if (again !== undefined)
    throw new AppError('validation_failed', `items: “${again.pattern}” gives “${again.label}” twice.`)
  await deps.db.transaction().execute(async (tx) => {
    await lockLabels(tx, organizationId)
    const before = await listLabelRuleRows(tx, organizationId)
    await replaceLabelRules(tx, { organizationId, rules, now: deps.clock() })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'labels.changed',
      target: { kind: 'organization', id: organizationId },
      before: { rules: before.map(toWords) },
      after: { rules: items.map(toWords) },
    })
  })
  return listLabelRules(deps, { organizationId })
}

function toLike({ pattern }: LabelRule): string {
  const fault = findPatternFault(pattern)
  if (fault !== undefined) throw new AppError('validation_failed', `items: “${pattern}” does not do. ${fault}`)
  return toLikePattern(pattern)
}

function toWords({ label, field, pattern }: LabelRule): string {
  return `${label}: ${field} ${pattern}`
}
