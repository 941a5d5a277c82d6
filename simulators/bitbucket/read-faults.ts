import * as z from 'zod'
import {
  commonActions,
  nextRequestFaultOf,
  nextWebhookFault,
  requestFaultOf,
  webhookFault,
} from '../shared/read-faults.ts'
import type { NextRequestFault, RequestFault } from './faults.ts'
import type { Change } from './operations/change.ts'

const when = z.enum(['before', 'after']).exactOptional()
const limit = z.number().min(0)
const text = z.string().exactOptional()
const flag = z.boolean().exactOptional()

/** What happens to a person, a repository or a hook. */
export const changeSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('person'),
    username: z.string(),
    newUsername: text,
    displayName: text,
    becomes: z.enum(['anonymised', 'deleted']).exactOptional(),
  }),
  z.strictObject({
    what: z.literal('repository'),
    repository: z.string(),
    name: text,
    isPrivate: flag,
    project: text,
    workspace: text,
    deleted: flag,
  }),
  z.strictObject({ what: z.literal('hook'), uuid: z.string(), active: flag, deleted: flag }),
]) satisfies z.ZodType<Change>

const requestAction = z.discriminatedUnion('kind', [
  ...commonActions,
  z.strictObject({
    kind: z.literal('rate_limit'),
    retryAfterSeconds: limit.nullable(),
    retryAfterAs: z.enum(['seconds', 'date']).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('failure'),
    status: z.literal([500, 502, 503, 555]),
    when,
  }),
  z.strictObject({
    kind: z.literal('credential'),
    becomes: z.enum(['expired', 'revoked', 'reduced']),
    scopes: z.array(z.string()).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('stale'),
    seconds: limit.exactOptional(),
    versions: z.int().min(1).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('change'), change: changeSchema }),
])

/** A fault for requests with all of its plan. */
export const requestFaultSchema = requestFaultOf(requestAction) satisfies z.ZodType<RequestFault>

/** One fault as the control interface takes it: in short or with its plan, for requests or (with `event`) webhooks. */
export const faultSchema = z.union([
  nextRequestFaultOf(requestAction) satisfies z.ZodType<NextRequestFault>,
  requestFaultSchema,
  nextWebhookFault.required({ event: true }),
  webhookFault,
])
