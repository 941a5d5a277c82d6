import * as z from 'zod'
import { investmentFields } from '../../src/domain/delivery/investment-fields.ts'
import { intervals } from '../../src/domain/delivery/time-buckets.ts'
import { id, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const category = z.string().trim().min(1).max(60)

const rule = z.strictObject({
  category,
  /**
   * What the pattern is held against: the branch that is merged, the title, the repository’s name, each of its labels or
   * each file it changed. `vulnerability`: whether it remedies one, whatever its name.
   */
  field: z.enum(investmentFields),
  /** `*` for anything, of a path also the slash; upper and lower case are the same. Of `vulnerability` always `*`. */
  pattern: z.string().trim().min(1).max(200),
})
export type InvestmentRule = z.infer<typeof rule>

/** In their order: the first that fits a pull request says its category. */
const settings = z.strictObject({ rules: z.array(rule).max(50) })

export const getInvestmentSettings = defineRoute({
  id: 'getInvestmentSettings',
  method: 'GET',
  path: '/api/v1/settings/investment',
  summary: 'By which rules merged pull requests are one category of work or another',
  tag: 'Settings',
  access: 'read',
  status: 200,
  response: settings,
})

export const updateInvestmentSettings = defineRoute({
  id: 'updateInvestmentSettings',
  method: 'PUT',
  path: '/api/v1/settings/investment',
  summary: 'Set the rules of categories of work; past figures follow them at once',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: settings,
  response: settings,
})

const trial = z.object({
  /** Of the last 90 days, by the rules in their order. */
  counts: z.array(z.number().int()),
  uncategorised: z.number().int(),
  total: z.number().int(),
})
export type InvestmentTrial = z.infer<typeof trial>

export const tryInvestmentSettings = defineRoute({
  id: 'tryInvestmentSettings',
  method: 'POST',
  path: '/api/v1/settings/investment/try',
  summary: 'How many merged pull requests of the last 90 days each rule would take',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: settings,
  response: trial,
})

/** Null: no rule fits. */
const part = {
  category: z.string().nullable(),
  pull_requests: z.number().int(),
  /** Changed lines of those whose size is known. */
  lines: z.number(),
  /** Pull requests whose size is not known. */
  unsized: z.number().int(),
}

const investmentAnswer = z.object({
  from: timestamp,
  to: timestamp,
  /** Merged pull requests; several that one commit merged are one. */
  total: z.number().int(),
  lines: z.number(),
  /** Dates on which people worked at them, each person's apart; null where fewer than three people did. */
  active_days: z.number().nullable(),
  has_rules: z.boolean(),
  /** Of those, how many no rule of a path can fit, since nobody knows which files they changed; 0 without such a rule. */
  without_paths: z.number().int(),
  /** In the order of the rules, what fits none last; shares from 0 to 1, null of nothing. */
  categories: z.array(
    z.object({
      ...part,
      /** A day on which somebody worked for several categories is parted evenly among them. */
      active_days: z.number().nullable(),
      share: z.number().nullable(),
      share_of_lines: z.number().nullable(),
      share_of_active_days: z.number().nullable(),
    }),
  ),
  excluded: z.array(z.object({ reason: z.string(), count: z.number().int() })),
  /** Pull requests by category, in the order of `categories`. */
  buckets: z.array(z.object({ from: timestamp, to: timestamp, counts: z.array(z.number().int()) })),
})
export type InvestmentAnswer = z.infer<typeof investmentAnswer>

const scope = {
  /** The half-open range; the last 90 days where it is left out. */
  from: timestamp.optional(),
  to: timestamp.optional(),
  repository: repeated(id),
  /** Names of branches that pull requests go into. */
  branch: repeated(z.string().max(500)),
  /** Names of labels: of pull requests that have one of them. */
  label: repeated(z.string().max(100)),
  /** Teams with all below them. */
  team: repeated(id),
}

export const getInvestment = defineRoute({
  id: 'getInvestment',
  method: 'GET',
  path: '/api/v1/analytics/investment',
  summary: 'What kinds of work merged pull requests were',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...scope,
    interval: z.enum(intervals).optional(),
    /** By whose midnights days begin; UTC where it is left out. */
    time_zone: z.string().max(100).optional(),
  }),
  response: investmentAnswer,
})

const investmentRow = z.object({
  id,
  repository: z.object({ id, name: z.string() }),
  number: z.number().int(),
  title: z.string(),
  web_url: z.string(),
  merged_at: timestamp,
  category: z.string().nullable(),
  lines: z.number().int().nullable(),
})
export type InvestmentRow = z.infer<typeof investmentRow>

export const listInvestmentRows = defineRoute({
  id: 'listInvestmentRows',
  method: 'GET',
  path: '/api/v1/analytics/investment/rows',
  summary: 'The merged pull requests of categories of work, latest first',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...scope,
    ...pageQuery,
    category: category.optional(),
    /** Only those that no rule fits. */
    uncategorised: z.enum(['true']).optional(),
  }),
  response: page(investmentRow),
})
