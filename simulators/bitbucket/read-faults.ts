import * as z from 'zod'
import {
  commonActions,
  type FaultSchemas,
  longestMs,
  nextRequestFaultOf,
  nextWebhookFaultOf,
  requestFaultOf,
  webhookFaultOf,
} from '../shared/read-faults.ts'
import { apiTokenScopes, oauthScopes } from './auth/scopes.ts'
import type { RequestAction } from './faults.ts'
import type { Change } from './operations/change.ts'
import { hookEvents, issueEventKeys } from './webhooks/event-keys.ts'

const when = z.enum(['before', 'after']).exactOptional()
const seconds = z
  .number()
  .min(0)
  .max(longestMs / 1000)
const text = z.string().min(1).exactOptional()
const flag = z.boolean().exactOptional()
const scopes = z.array(z.enum([...apiTokenScopes, ...oauthScopes]))

/** Beside the kind and the name of a thing there is something that happens to it. */
function saysMore(change: object): boolean {
  return Object.keys(change).length > 2
}
const nothingHappens = 'must say what happens to it'

/** What happens to a person, a repository or a hook. */
export const changeSchema = z.discriminatedUnion('what', [
  z
    .strictObject({
      what: z.literal('person'),
      username: z.string(),
      newUsername: text,
      displayName: text,
      becomes: z.enum(['anonymised', 'deleted']).exactOptional(),
    })
    .refine(saysMore, nothingHappens),
  z
    .strictObject({
      what: z.literal('repository'),
      repository: z.string(),
      name: text,
      isPrivate: flag,
      project: text,
      workspace: z
        .string()
        .regex(/^[a-z0-9._-]+$/, 'must be a slug: small letters, digits and hyphens')
        .exactOptional(),
      deleted: z.literal(true).exactOptional(),
    })
    .refine(saysMore, nothingHappens),
  z
    .strictObject({ what: z.literal('hook'), uuid: z.string(), active: flag, deleted: z.literal(true).exactOptional() })
    .refine(saysMore, nothingHappens),
]) satisfies z.ZodType<Change>

const requestAction = z.discriminatedUnion('kind', [
  ...commonActions,
  z.strictObject({
    kind: z.literal('rate_limit'),
    retryAfterSeconds: seconds.nullable(),
    retryAfterAs: z.enum(['seconds', 'date']).exactOptional(),
  }),
  z.strictObject({
    kind: z.literal('failure'),
    status: z.literal([500, 502, 503, 555]),
    when,
  }),
  z
    .strictObject({
      kind: z.literal('credential'),
      becomes: z.enum(['expired', 'revoked', 'reduced']),
      scopes: scopes.exactOptional(),
    })
    .refine(({ becomes, scopes: left }) => becomes === 'reduced' || left === undefined, 'has scopes only when reduced'),
  z.strictObject({
    kind: z.literal('stale'),
    seconds: seconds.exactOptional(),
    versions: z.int().min(1).exactOptional(),
  }),
  z.strictObject({ kind: z.literal('change'), change: changeSchema }),
])

/** Of either mode: what is planned may come before the switch that lets it be. */
const events = [...new Set([...hookEvents('workspace', 'legacy').map((one) => one.event), ...issueEventKeys])]

/** How faults look that are planned here. */
export const faultSchemas: FaultSchemas<RequestAction> = {
  request: requestFaultOf(requestAction),
  nextRequest: nextRequestFaultOf(requestAction),
  webhook: webhookFaultOf(events),
  nextWebhook: nextWebhookFaultOf(events),
}
