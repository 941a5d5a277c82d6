import * as z from 'zod'
import {
  nextRequestFault as toRequestFault,
  nextWebhookFault as toWebhookFault,
  type WebhookFault,
} from '../shared/fault-plan.ts'
import { hasKey } from '../shared/json.ts'
import {
  commonActions,
  nextRequestFaultOf,
  nextWebhookFault,
  readAs,
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

const nextRequestFaultSchema = nextRequestFaultOf(requestAction) satisfies z.ZodType<NextRequestFault>
const nextWebhookFaultSchema = nextWebhookFault.required({ event: true })

type ReadFault = { of: 'requests'; fault: RequestFault } | { of: 'webhooks'; fault: WebhookFault } | { problem: string }

/**
 * Reads a fault as the control interface takes it: in short or with its plan, for requests or (with `event`) webhooks.
 * Says what is wrong with that one of the four forms which was meant.
 */
export function readFault(wanted: unknown): ReadFault {
  const isForWebhooks = hasKey(wanted, 'event')
  if (hasKey(wanted, 'plan')) {
    const read = isForWebhooks ? readAs(webhookFault, wanted) : readAs(requestFaultSchema, wanted)
    if ('problem' in read) return read
    return 'event' in read.value ? { of: 'webhooks', fault: read.value } : { of: 'requests', fault: read.value }
  }
  const read = isForWebhooks ? readAs(nextWebhookFaultSchema, wanted) : readAs(nextRequestFaultSchema, wanted)
  if ('problem' in read) return read
  return 'event' in read.value
    ? { of: 'webhooks', fault: toWebhookFault(read.value) }
    : { of: 'requests', fault: toRequestFault(read.value) }
}
