import type { InvestmentRule, InvestmentTrial } from '../../../../contract/delivery/investment.ts'
import { toLikePattern } from '../../../domain/people/bot-pattern.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import { measureInvestment } from '../../../metrics/investment/measure-investment.ts'
import type { Db } from '../../../store/db.ts'
import {
  type InvestmentRuleRow,
  listInvestmentRules,
  replaceInvestmentRules,
} from '../../../store/delivery/investment-rules.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { readScope } from '../metric-scope.ts'

type Settings = { rules: InvestmentRule[] }

/** The rules of categories of work, in their order. */
export async function getInvestmentSettings(
  { db }: { db: Db },
  { organizationId }: { organizationId: string },
): Promise<Settings> {
  const rows = await listInvestmentRules(db, organizationId)
  return { rules: rows.map(({ category, field, pattern }) => ({ category, field, pattern })) }
}

/** Replaces all rules. Throws `validation_failed` for two that say the same twice and for a pattern of too many stars. */
export async function updateInvestmentSettings(
  deps: { db: Db; clock: Clock; newId: NewId },
  { organizationId, actor, settings }: { organizationId: string; actor: AuditActor; settings: Settings },
): Promise<Settings> {
  const rules = toRows(settings)
  await deps.db.transaction().execute(async (tx) => {
    const before = await getInvestmentSettings({ db: tx }, { organizationId })
    await replaceInvestmentRules(tx, { organizationId, rules })
    await recordAudit(deps, tx, {
      organizationId,
      actor,
      action: 'investment_settings.changed',
      target: { kind: 'organization', id: organizationId },
      before,
      after: settings,
    })
  })
  return getInvestmentSettings(deps, { organizationId })
}

/** How many merged pull requests of the last 90 days each rule would take. Throws as saving does. */
export async function tryInvestmentSettings(
  deps: { db: Db; clock: Clock },
  { organizationId, settings }: { organizationId: string; settings: Settings },
): Promise<InvestmentTrial> {
  const scope = await readScope(deps, { subject: 'pull_request', title: 'Investment' }, { organizationId })
  const parts = await measureInvestment(deps.db, scope, { rules: toRows(settings), buckets: [scope.range] })
  const counted = parts.filter(({ leftOut }) => leftOut === null)
  const sum = (some: typeof counted) => some.reduce((all, { pullRequests }) => all + pullRequests, 0)
  return {
    counts: settings.rules.map((_, index) => sum(counted.filter(({ rule }) => rule === index))),
    uncategorised: sum(counted.filter(({ rule }) => rule === null)),
    total: sum(counted),
  }
}

/** As a pattern of ten stars, and no more, a title of hundreds of letters is read in no time. */
const starsAtMost = 10

function toRows({ rules }: Settings): InvestmentRuleRow[] {
  const places = rules.map(({ field, pattern }) => `${field} ${toLikePattern(pattern)}`)
  if (new Set(places).size < places.length)
    throw new AppError('validation_failed', 'rules: two are held against the same; only the first would ever fit.')
  return rules.map(({ category, field, pattern }) => {
    if (field === 'vulnerability' && pattern !== '*')
      throw new AppError('validation_failed', 'pattern: of what remedies a vulnerability it is *.')
    if (pattern.split(/\*+/).length - 1 > starsAtMost)
      throw new AppError('validation_failed', 'pattern: a pattern has ten stars at most.')
    return { category, field, pattern, like_pattern: toLikePattern(pattern) }
  })
}
