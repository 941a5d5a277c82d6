import * as z from 'zod'
import {
  type NextRequestFault,
  type NextWebhookFault,
  nextRequestFault,
  nextWebhookFault,
  type RequestFault,
  type WebhookFault,
} from './fault-plan.ts'
import { matchesPattern } from './glob.ts'
import { hasKey } from './json.ts'
import { toProblem } from './read-problem.ts'

/** Ten years. No wait is meant to be longer, and every date that comes of it can be said. */
export const longestMs = 315_576_000_000
export const duration = z.number().min(0).max(longestMs)

const when = z.enum(['before', 'after']).exactOptional()

/** Those the server has to set itself, or no answer would arrive. */
const ownHeaders = /^(content-length|transfer-encoding|connection|keep-alive|upgrade)$/i

function areHeaders(headers: Record<string, string>): boolean {
  return Object.entries(headers).every(
    ([name, value]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) && !ownHeaders.test(name) && /^[\t\x20-\x7E\x80-\xFF]*$/.test(value),
  )
}

/** How faults look in JSON; a product adds the kinds of request actions that are its own. */
export const commonActions = [
  z.strictObject({ kind: z.literal('delay'), ms: duration, when }),
  z.strictObject({
    kind: z.literal('answer'),
    when,
    status: z.int().min(200).max(599),
    headers: z
      .record(z.string(), z.string())
      .refine(areHeaders, 'must be headers as HTTP has them, but for those of the connection and the length')
      .exactOptional(),
    body: z
      .union([z.string(), z.array(z.json()), z.record(z.string(), z.json())], 'must be a text, or an object or a list')
      .exactOptional(),
  }),
  z.strictObject({ kind: z.literal('cut'), when: z.enum(['before', 'after', 'in_body']) }),
  z.strictObject({ kind: z.literal('truncate') }),
] as const

const webhookAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('delay'), ms: duration }),
  z.strictObject({ kind: z.literal('duplicate') }),
  z.strictObject({ kind: z.literal('hold') }),
  z.strictObject({ kind: z.literal('unsigned') }),
  z.strictObject({ kind: z.literal('old_secret') }),
])

const count = z.int().min(1).exactOptional()
const seen = z.int().min(0).exactOptional()
const method = z.enum(['*', 'GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const path = z
  .string()
  .refine((text) => /^[/*][^?#\s]*$/.test(text), 'must begin with / or *, below the host and without its query')
  .refine((text) => !text.startsWith('/__control'), 'must not be of the control interface, which no fault strikes')

function planOf<Action extends z.ZodType>(action: Action) {
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('script'), steps: z.array(action.nullable()).min(1) }),
    z.strictObject({ kind: z.literal('repeat'), action, from: count, times: count }),
    z.strictObject({
      kind: z.literal('chance'),
      probability: z.number().min(0).max(1),
      seed: z.int(),
      actions: z.array(action).min(1),
    }),
  ])
}

/** A fault for requests, with all of its plan. */
export function requestFaultOf<Action extends z.ZodType>(action: Action) {
  return z.strictObject({ method, path, seen, plan: planOf(action) })
}

/** The short form: the next matching requests. */
export function nextRequestFaultOf<Action extends z.ZodType>(action: Action) {
  return z.strictObject({
    method: method.exactOptional(),
    path: path.exactOptional(),
    from: count,
    times: count,
    action,
  })
}

/** A name of one of these events, or a pattern that one of them fits. */
function eventOf(events: readonly string[]) {
  return z
    .string()
    .refine((pattern) => events.some((one) => matchesPattern(pattern, one)), `must fit one of ${events.join(', ')}`)
}

/** The same for webhooks of a product that has these events. */
export function webhookFaultOf(events: readonly string[]) {
  return z.strictObject({ event: eventOf(events), seen, plan: planOf(webhookAction) })
}

export function nextWebhookFaultOf(events: readonly string[]) {
  return z.strictObject({ event: eventOf(events), from: count, times: count, action: webhookAction })
}

/** What is read, or what is wrong with it in words. */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  wanted: unknown,
): { value: z.output<Schema> } | { problem: string } {
  const read = schema.safeParse(wanted)
  return read.success ? { value: read.data } : { problem: toProblem(read.error, wanted) }
}

/** The four forms a fault can be planned in. */
export interface FaultSchemas<Action> {
  request: z.ZodType<RequestFault<Action>>
  nextRequest: z.ZodType<NextRequestFault<Action>>
  webhook: z.ZodType<WebhookFault>
  nextWebhook: z.ZodType<NextWebhookFault>
}

export type ReadFault<Action> =
  | { of: 'requests'; fault: RequestFault<Action> }
  | { of: 'webhooks'; fault: WebhookFault }
  | { problem: string }

/**
 * Reads a fault as the control interface takes it: in short or with its plan, for requests or (with `event`) webhooks.
 * Says what is wrong with that one of the four forms which was meant.
 */
export function readFault<Action>(schemas: FaultSchemas<Action>, wanted: unknown): ReadFault<Action> {
  const isPlanned = hasKey(wanted, 'plan')
  if (hasKey(wanted, 'event')) {
    const read = isPlanned ? readAs(schemas.webhook, wanted) : readAs(schemas.nextWebhook, wanted)
    if ('problem' in read) return read
    return { of: 'webhooks', fault: 'plan' in read.value ? read.value : nextWebhookFault(read.value) }
  }
  const read = isPlanned ? readAs(schemas.request, wanted) : readAs(schemas.nextRequest, wanted)
  if ('problem' in read) return read
  return { of: 'requests', fault: 'plan' in read.value ? read.value : nextRequestFault(read.value) }
}
