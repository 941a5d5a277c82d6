import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import { segment } from '../../lib/rest-client.ts'
import type { BitbucketClient } from '../client.ts'

const hook = z
  .object({
    uuid: z.string(),
    url: z.string(),
    active: z.boolean(),
    events: z.array(z.string()),
    secret_set: z.boolean().optional(),
    description: z.string().nullish(),
  })
  .transform((value) => ({
    uuid: value.uuid,
    url: value.url,
    isActive: value.active,
    events: value.events,
    // Older hosts do not say; then the next signed delivery tells.
    hasSecret: value.secret_set ?? true,
  }))

export type RemoteHook = z.output<typeof hook>

/** What a hook listens to: a whole workspace, or one repository (both by UUID). */
export type HookSubject =
  | { kind: 'workspace'; workspace: string }
  | { kind: 'repository'; workspace: string; repository: string }

type Place = { subject: HookSubject; lane: RequestLane }
export type HookBody = { description: string; url: string; active: boolean; events: readonly string[]; secret?: string }

function path(subject: HookSubject): string {
  return subject.kind === 'workspace'
    ? `/workspaces/${segment(subject.workspace)}/hooks`
    : `/repositories/${segment(subject.workspace)}/${segment(subject.repository)}/hooks`
}

function name(subject: HookSubject): string {
  return subject.kind === 'workspace' ? 'the workspace' : 'the repository'
}

/** All hooks of a subject. Throws `remote_forbidden` for an account without administrator rights there. */
export async function listHooks(client: BitbucketClient, { subject, lane }: Place): Promise<RemoteHook[]> {
  const what = `list the webhooks of ${name(subject)}`
  const found: RemoteHook[] = []
  for await (const page of client.pages(path(subject), { what, lane, schema: hook, query: { pagelen: 100 } }))
    found.push(...page.values)
  return found
}

export function createHook(
  client: BitbucketClient,
  { subject, lane, body }: Place & { body: HookBody },
): Promise<RemoteHook> {
  return client.post(path(subject), { what: `make a webhook in ${name(subject)}`, lane, schema: hook, body })
}

export function updateHook(
  client: BitbucketClient,
  { subject, lane, uuid, body }: Place & { uuid: string; body: HookBody },
): Promise<RemoteHook> {
  const what = `change our webhook in ${name(subject)}`
  return client.put(`${path(subject)}/${segment(uuid)}`, { what, lane, schema: hook, body })
}

export function deleteHook(client: BitbucketClient, { subject, lane, uuid }: Place & { uuid: string }): Promise<void> {
  return client.delete(`${path(subject)}/${segment(uuid)}`, { what: `remove our webhook from ${name(subject)}`, lane })
}
