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
import { grantableScopes } from './auth/scopes.ts'
import type { RequestAction } from './faults.ts'
import type { Change } from './operations/change.ts'
import { eventNames } from './webhooks/event-names.ts'

const text = z.string().min(1).exactOptional()
const flag = z.boolean().exactOptional()
const gone = z.literal(true).exactOptional()
export const scopes = z.array(z.enum(grantableScopes))

/** An IANA name, or every date shown to the person would fail. */
export const timeZone = z.string().refine((name) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}, 'must be a time zone, as in Europe/Berlin')

/** Beside the kind and the name of a thing there is something that happens to it. */
function saysMore(change: object): boolean {
  return Object.keys(change).length > 2
}
const nothingHappens = 'must say what happens to it'

const becomes = z.enum(['expired', 'revoked', 'reduced'])

function fitsScopes(change: { becomes: z.output<typeof becomes>; scopes?: string[] }): boolean {
  return change.becomes === 'reduced' || change.scopes === undefined
}
const scopesOnlyReduced = 'has scopes only when reduced'

/** What happens to a person, a project, an issue, a hook or a credential. */
export const changeSchema = z.discriminatedUnion('what', [
  z
    .strictObject({
      what: z.literal('person'),
      email: z.string(),
      displayName: text,
      active: flag,
      siteAccess: flag,
      timeZone: timeZone.exactOptional(),
      becomes: z.literal('anonymised').exactOptional(),
    })
    .refine(saysMore, nothingHappens),
  z
    .strictObject({ what: z.literal('project'), project: z.string(), name: text, takenFrom: text })
    .refine(saysMore, nothingHappens),
  z
    .strictObject({ what: z.literal('issue'), issue: z.string(), project: text, deleted: gone })
    .refine(saysMore, nothingHappens),
  z
    .strictObject({ what: z.literal('hook'), id: z.string(), enabled: flag, deleted: gone })
    .refine(saysMore, nothingHappens),
  z
    .strictObject({ what: z.literal('credential'), token: z.string(), becomes, scopes: scopes.exactOptional() })
    .refine(fitsScopes, scopesOnlyReduced),
]) satisfies z.ZodType<Change>

const requestAction = z.discriminatedUnion('kind', [
  ...commonActions,
  z.strictObject({
    kind: z.literal('rate_limit'),
    retryAfterSeconds: z
      .number()
      .min(0)
      .max(longestMs / 1000)
      .nullable(),
    reason: z
      .enum(['jira-burst-based', 'jira-per-issue-on-write', 'jira-quota-tenant-based', 'jira-quota-global-based'])
      .exactOptional(),
  }),
  z
    .strictObject({ kind: z.literal('credential'), becomes, scopes: scopes.exactOptional() })
    .refine(fitsScopes, scopesOnlyReduced),
  z.strictObject({ kind: z.literal('change'), change: changeSchema }),
])

/** How faults look that are planned here. */
export const faultSchemas: FaultSchemas<RequestAction> = {
  request: requestFaultOf(requestAction),
  nextRequest: nextRequestFaultOf(requestAction),
  webhook: webhookFaultOf(eventNames),
  nextWebhook: nextWebhookFaultOf(eventNames),
}
