import * as z from 'zod'
import { commonActions, readAs, requestFaultOf, webhookFault } from '../shared/read-faults.ts'
import type { Switches } from './switches.ts'

const reason = z.enum([
  'jira-burst-based',
  'jira-per-issue-on-write',
  'jira-quota-tenant-based',
  'jira-quota-global-based',
])

const requestAction = z.discriminatedUnion('kind', [
  ...commonActions,
  z.strictObject({
    kind: z.literal('rate_limit'),
    retryAfterSeconds: z.number().nullable(),
    reason: reason.exactOptional(),
  }),
  z.strictObject({ kind: z.literal('credential'), becomes: z.enum(['expired', 'revoked']) }),
])

const limit = z.number().min(0)

const schema = z
  .strictObject({
    requestFaults: z.array(requestFaultOf(requestAction)),
    webhookFaults: z.array(webhookFault),
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
  const read = readAs(schema, wanted)
  if ('problem' in read) return read.problem
  const { rateLimits, ...rest } = read.value
  Object.assign(switches, rest)
  Object.assign(switches.rateLimits, rateLimits)
  return undefined
}
