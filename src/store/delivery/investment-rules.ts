import type { InvestmentField } from '../../domain/delivery/investment-fields.ts'
import type { Db } from '../db.ts'

export type InvestmentRuleRow = {
  category: string
  field: InvestmentField
  pattern: string
  like_pattern: string
}

/** An organization's rules, in their order. */
export async function listInvestmentRules(db: Db, organizationId: string): Promise<InvestmentRuleRow[]> {
  return db
    .selectFrom('investment_rule')
    .select(['category', 'field', 'pattern', 'like_pattern'])
    .where('organization_id', '=', organizationId)
    .orderBy('position')
    .execute()
}

export async function replaceInvestmentRules(
  tx: Db,
  { organizationId, rules }: { organizationId: string; rules: readonly InvestmentRuleRow[] },
): Promise<void> {
  await tx.deleteFrom('investment_rule').where('organization_id', '=', organizationId).execute()
  if (rules.length === 0) return
  await tx
    .insertInto('investment_rule')
    .values(rules.map((rule, position) => ({ organization_id: organizationId, position, ...rule })))
    .execute()
}
