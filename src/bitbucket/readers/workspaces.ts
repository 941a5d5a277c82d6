import * as z from 'zod'
import type { RequestLane } from '../../domain/request-budget.ts'
import { segment } from '../../lib/rest-client.ts'
import type { BitbucketClient } from '../client.ts'

const workspace = z.object({ uuid: z.string(), slug: z.string(), name: z.string().optional() })

export type RemoteWorkspace = { uuid: string; slug: string; name: string }

// CHANGE-3022: https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3022
const workspaceAccess = z.object({
  administrator: z.boolean().optional(),
  workspace: z.object({ uuid: z.string(), slug: z.string() }),
})

const permission = z.object({ permission: z.string() })

/** One workspace by slug or UUID. */
export async function readWorkspace(
  client: BitbucketClient,
  input: { workspace: string; lane: RequestLane },
): Promise<RemoteWorkspace> {
  const found = await client.get(`/workspaces/${segment(input.workspace)}`, {
    what: `read the workspace ${input.workspace}`,
    lane: input.lane,
    schema: workspace,
  })
  return { uuid: found.uuid, slug: found.slug, name: found.name ?? found.slug }
}

/** Workspaces of the account; the listing has no names, which `readWorkspace` knows. */
export async function listOwnWorkspaces(
  client: BitbucketClient,
  lane: RequestLane,
): Promise<{ uuid: string; slug: string; isAdministrator: boolean }[]> {
  const what = 'list your workspaces'
  const found: { uuid: string; slug: string; isAdministrator: boolean }[] = []
  for await (const page of client.pages('/user/workspaces', {
    what,
    lane,
    schema: workspaceAccess,
    query: { pagelen: 100 },
  }))
    for (const { administrator, workspace } of page.values)
      found.push({ ...workspace, isAdministrator: administrator ?? false })
  return found
}

/** Our rights in a workspace: `owner` may make a workspace webhook. */
export async function readWorkspacePermission(
  client: BitbucketClient,
  input: { workspace: string; lane: RequestLane },
): Promise<string> {
  const found = await client.get(`/user/workspaces/${segment(input.workspace)}/permission`, {
    what: 'read our rights in the workspace',
    lane: input.lane,
    schema: permission,
  })
  return found.permission
}
