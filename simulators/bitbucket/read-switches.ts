import * as z from 'zod'
import { isObject } from '../shared/json.ts'
import { duration, longestMs, readAs } from '../shared/read-faults.ts'
import { faultSchemas } from './read-faults.ts'
import type { Switches } from './switches.ts'

const flag = z.boolean()
const limit = z.number().min(0)
const count = z.int().min(0)

/** A group of switches may be given in part. */
type InParts<Value> = Value extends unknown[]
  ? Value
  : Value extends object
    ? { [Name in keyof Value]?: Value[Name] | undefined }
    : Value

const fields = {
  requestFaults: z.array(faultSchemas.request),
  webhookFaults: z.array(faultSchemas.webhook),
  strictPagelen: z.union([z.literal('pull_requests'), flag]),
  writesWithoutLength: z.enum(['refused', 'accepted']),
  emptyJsonBody: z.enum(['refused', 'accepted']),
  removedIssuesOrder: z.enum(['410_first', '404_first']),
  anonymousStatus: z.literal([401, 404]),
  hiddenRepositoryStatus: z.literal([403, 404]),
  issueEvents2026: z.enum(['refused', 'inert']),
  allowPrivateHookUrls: flag,
  hooksPerSubject: count,
  webhookRetryDelayMs: duration,
  /** In real time. */
  webhookTimeoutMs: z.int().min(0).max(3_600_000),
  sameRequestUuidOnRetry: flag,
  clockSkewMs: z.number().min(-longestMs).max(longestMs),
  brownOutMinutes: z.strictObject({ appPasswords: limit, issues: limit }).partial(),
  rateLimits: z.strictObject({ anonymous: limit, api: limit, webhooks: limit, raw: limit, git: limit }).partial(),
  scaledRateLimit: limit.nullable(),
  retryAfterSeconds: duration.nullable(),
  oauthExpiresIn: duration,
  refreshTokenGraceSeconds: limit,
  pkce: z.enum(['ignored', 'checked']),
  appPasswordMessage: z.string().nullable(),
  renamedRepositoryStatus: z.literal([301, 302, 404]),
  pageBeyondEnd: z.enum(['empty', '404']),
  sourceRateGroup: z.enum(['api', 'raw']),
  rateLimitFamilies: z.enum(['apart', 'together']),
  userWorkspacesPagelen: count,
  disableHookAfterFailures: count.nullable(),
  hookHistory: z.strictObject({ entries: count, days: limit }).partial(),
  reportDays: limit.nullable(),
  newRepositoriesInherit: flag,
  defaultReviewersByApi: flag,
  deprecationHeaders: flag,
  mergeRefusalStatus: z.literal([400, 409]),
  mergeAnswerHash: z.enum(['short', 'full']),
  mergeChecks: z.enum(['enforced', 'when_restricted']),
  slowMerge: z.enum(['waits', 'answers_202', 'answers_555']),
  mergeTaskPendingPolls: count,
  largestDiff: limit.nullable(),
  deepestSource: limit.nullable(),
  pullRequestLinks: z.enum(['indexed', 'indexing', 'not_installed']),
  samePullRequestAgain: z.enum(['updates', 'supersedes', 'second']),
  stateBesideQuery: z.enum(['ignored', 'applied']),
  forkSourceRefusal: z.literal([400, 403]),
  commitsOfDeletedBranch: z.enum(['merged', 'none']),
  squashAuthor: z.enum(['merger', 'pull_request_author']),
  taskWebhooks: flag,
  tracker: z
    .strictObject({ spamPhrase: z.string().nullable(), jobMs: duration, linkSeconds: duration, filesAsComments: flag })
    .partial(),
  pipelines: z
    .strictObject({
      startOnPush: flag,
      pendingMs: duration,
      stepMs: duration,
      result: z.enum(['SUCCESSFUL', 'FAILED', 'ERROR', 'STOPPED', 'EXPIRED']),
      logRedirect: flag,
      logAccept: z.enum(['checked', 'ignored']),
      schedulesPerRepository: count,
      deploymentsOrder: z.enum(['step', 'oldest_first']),
    })
    .partial(),
} satisfies { [Name in keyof Switches]: z.ZodType<InParts<Switches[Name]>> }

const schema = z.strictObject(fields).partial()

/** Takes over every switch a JSON object names; groups of them field by field. Answers what is wrong with it, changing nothing. */
export function readSwitches(switches: Switches, wanted: unknown): string | undefined {
  const read = readAs(schema, wanted)
  if ('problem' in read) return read.problem
  const now: Record<string, unknown> = { ...switches }
  const merged = Object.entries(read.value).map(([name, value]) => {
    const before = now[name]
    return [name, isObject(before) && isObject(value) ? { ...before, ...value } : value]
  })
  Object.assign(switches, Object.fromEntries(merged))
  return undefined
}
