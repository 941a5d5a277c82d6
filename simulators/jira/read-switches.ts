import * as z from 'zod'
import { duration, readAs } from '../shared/read-faults.ts'
import { faultSchemas } from './read-faults.ts'
import type { Switches } from './switches.ts'

const limit = z.number().min(0)

const schema = z
  .strictObject({
    requestFaults: z.array(faultSchemas.request),
    webhookFaults: z.array(faultSchemas.webhook),
    badCredentials: z.enum(['refused', 'anonymous']),
    unscopedTokensAtGateway: z.enum(['refused', 'accepted']),
    refreshReuseLeewaySeconds: limit,
    refreshReuseEndsGrant: z.boolean(),
    oauthExpiresIn: duration,
    refreshIdleDays: limit.max(36_500),
    showEmails: z.boolean(),
    transitionCommentWithoutScreen: z.enum(['refused', 'ignored', 'accepted']),
    commentsRaiseIssueUpdated: z.boolean(),
    propertiesTouchIssue: z.boolean(),
    searchIndexDelayMs: duration,
    searchPaging: z.enum(['live', 'snapshot']),
    textLimitCounts: z.enum(['adf_json', 'text']),
    attachmentLimit: limit,
    allowPrivateHookUrls: z.boolean(),
    webhookRetryDelayMs: duration,
    /** In real time. */
    webhookTimeoutMs: z.int().min(0).max(3_600_000),
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
