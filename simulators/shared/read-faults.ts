import * as z from 'zod'

/** How faults look in JSON; a product adds the kinds of request actions that are its own. */
export const commonActions = [
  z.strictObject({
    kind: z.literal('delay'),
    ms: z.number().min(0),
    when: z.enum(['before', 'after']).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('answer'),
    when: z.enum(['before', 'after']).exactOptional(),
    status: z.int().min(200).max(599),
    headers: z.record(z.string(), z.string()).exactOptional(),
    body: z.string().exactOptional(),
  }),
  z.strictObject({ kind: z.literal('cut'), when: z.enum(['before', 'after', 'in_body']) }),
  z.strictObject({ kind: z.literal('truncate') }),
] as const

export const webhookAction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('drop') }),
  z.strictObject({ kind: z.literal('delay'), ms: z.number().min(0) }),
  z.strictObject({ kind: z.literal('duplicate') }),
  z.strictObject({ kind: z.literal('hold') }),
  z.strictObject({ kind: z.literal('unsigned') }),
  z.strictObject({ kind: z.literal('old_secret') }),
])

const count = z.int().min(1).exactOptional()
const seen = z.int().exactOptional()

function planOf<Action extends z.ZodType>(action: Action) {
  return z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('script'), steps: z.array(action.nullable()) }),
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
  return z.strictObject({ method: z.string(), path: z.string(), seen, plan: planOf(action) })
}

/** The short form: the next matching requests. */
export function nextRequestFaultOf<Action extends z.ZodType>(action: Action) {
  return z.strictObject({
    method: z.string().exactOptional(),
    path: z.string().exactOptional(),
    from: count,
    times: count,
    action,
  })
}

export const webhookFault = z.strictObject({ event: z.string(), seen, plan: planOf(webhookAction) })

export const nextWebhookFault = z.strictObject({
  event: z.string().exactOptional(),
  from: count,
  times: count,
  action: webhookAction,
})

/** What is read, or what is wrong with it in words. */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  wanted: unknown,
): { value: z.output<Schema> } | { problem: string } {
  const read = schema.safeParse(wanted)
  return read.success ? { value: read.data } : { problem: z.prettifyError(read.error) }
}
