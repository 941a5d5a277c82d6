import * as z from 'zod'
import type { Switches } from './switches.ts'

const reason = z.enum([
  'jira-burst-based',
  'jira-per-issue-on-write',
  'jira-quota-tenant-based',
  'jira-quota-global-based',
])

const requestAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
  z.strictObject({
    kind: z.literal('rate_limit'),
    retryAfterSeconds: z.number().nullable(),
    reason: reason.exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('answer'),
    when: z.enum(['before', 'after']),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).exactOptional(),
    body: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('cut'), when: z.enum(['before', 'after', 'in_body']) }),
  z.strictObject({ kind: z.literal('credential'), becomes: z.enum(['expired', 'revoked']) }),
])

const webhookAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
  z.strictObject({ kind: z.literal('duplicate') }),
  z.strictObject({ kind: z.literal('hold') }),
  z.strictObject({ kind: z.literal('unsigned') }),
  z.strictObject({ kind: z.literal('old_secret') }),
])

function planOf<Action extends z.ZodType>(action: Action) {
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('script'), steps: z.array(action.nullable()) }),
    z.strictObject({
      kind: z.literal('chance'),
      probability: z.number().min(0).max(1),
      seed: z.int(),
      actions: z.array(action).min(1),
    }),
  ])
}

const seen = z.int().exactOptional()
const limit = z.number().min(0)

const schema = z
  .strictObject({
    requestFaults: z.array(z.strictObject({ method: z.string(), path: z.string(), seen, plan: planOf(requestAction) })),
    webhookFaults: z.array(z.strictObject({ event: z.string(), seen, plan: planOf(webhookAction) })),
    badCredentials: z.enum(['refused', 'anonymous']),
    unscopedTokensAtGateway: z.enum(['refused', 'accepted']),
    refreshReuseLeewaySeconds: limit,
    refreshReuseEndsGrant: z.boolean(),
    oauthExpiresIn: limit,
    refreshIdleDays: limit,
    showEmails: z.boolean(),
    transitionCommentWithoutScreen: z.enum(['refused', 'ignored', 'accepted']),
    commentsRaiseIssueUpdated: z.boolean(),
    propertiesTouchIssue: z.boolean(),
    searchIndexDelayMs: limit,
    searchPaging: z.enum(['live', 'snapshot']),
    textLimitCounts: z.enum(['adf_json', 'text']),
    allowPrivateHookUrls: z.boolean(),
    webhookRetryDelayMs: limit,
    webhookTimeoutMs: limit,
    rateLimits: z.strictObject({ burst: limit, issueWrites2s: limit, issueWrites30s: limit, points: limit }).partial(),
  })
  .partial()

/** Takes over every switch a JSON object names; `rateLimits` field by field. Answers what is wrong with it, changing nothing. */
export function readSwitches(switches: Switches, wanted: unknown): string | undefined {
  const read = schema.safeParse(wanted)
  if (!read.success) return z.prettifyError(read.error)
  const { rateLimits, ...rest } = read.data
  Object.assign(switches, rest)
  Object.assign(switches.rateLimits, rateLimits)
  return undefined
}
