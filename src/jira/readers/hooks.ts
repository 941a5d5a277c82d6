import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import { segment } from '../../lib/rest-client.ts'
import type { JiraClient } from '../client.ts'

/** Beside the versioned API, out of reach of OAuth and tokens with scopes: https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
const root = '/rest/webhooks/1.0/webhook'

const hook = z
  .object({
    self: z.string(),
    url: z.string(),
    enabled: z.boolean(),
    events: z.array(z.string()),
    isSigned: z.boolean().optional(),
    excludeBody: z.boolean().optional(),
  })
  .transform((value) => ({
    uuid: value.self.slice(value.self.lastIndexOf('/') + 1),
    url: value.url,
    // Without a body there is nothing to sign and nothing to read.
    isActive: value.enabled && value.excludeBody !== true,
    events: value.events,
    // Older answers do not say; then the next signed delivery tells.
    hasSecret: value.isSigned ?? true,
  }))

export type JiraHook = z.output<typeof hook>
export type JiraHookBody = {
  description: string
  url: string
  active: boolean
  events: readonly string[]
  secret?: string
}

/** The webhooks administrators of the site made. Throws `remote_forbidden` for everybody else. */
export function listHooks(client: JiraClient, lane: RequestLane): Promise<JiraHook[]> {
  return client.get(root, { what: 'list the webhooks of the site', lane, schema: z.array(hook) })
}

export function createHook(client: JiraClient, input: { lane: RequestLane; body: JiraHookBody }): Promise<JiraHook> {
  return client.post(root, {
    what: 'make a webhook',
    lane: input.lane,
    schema: hook,
    body: toBody(input.body),
  })
}

export function updateHook(
  client: JiraClient,
  { lane, id, body }: { lane: RequestLane; id: string; body: JiraHookBody },
): Promise<JiraHook> {
  return client.put(`${root}/${segment(id)}`, { what: 'change our webhook', lane, schema: hook, body: toBody(body) })
}

export function deleteHook(client: JiraClient, { lane, id }: { lane: RequestLane; id: string }): Promise<void> {
  return client.delete(`${root}/${segment(id)}`, { what: 'remove our webhook', lane })
}

function toBody({ description, url, active, events, secret }: JiraHookBody): Record<string, unknown> {
  return {
    name: description,
    url,
    enabled: active,
    events,
    excludeBody: false,
    // An empty filter: what is not ours is left aside when it arrives.
    filters: { 'issue-related-events-section': '' },
    ...(secret === undefined ? {} : { secret }),
  }
}
