import * as z from 'zod'
import { id, idParams, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { connection } from './connections.ts'

export const remoteWorkspace = z.object({
  uuid: z.string(),
  slug: z.string(),
  name: z.string(),
  is_administrator: z.boolean(),
})

export const listRemoteWorkspaces = defineRoute({
  id: 'listRemoteWorkspaces',
  method: 'GET',
  path: '/api/v1/connections/:id/workspaces',
  summary: 'Workspaces the credential can see',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  response: z.object({ items: z.array(remoteWorkspace) }),
})

export const chooseWorkspace = defineRoute({
  id: 'chooseWorkspace',
  method: 'POST',
  path: '/api/v1/connections/:id/workspace',
  summary: 'Choose the workspace of a connection made by OAuth',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ workspace: z.string().trim().min(1).max(200) }),
  response: connection,
})

export const remoteRepository = z.object({
  uuid: z.string(),
  slug: z.string(),
  name: z.string(),
  project: z.string().nullable(),
  is_private: z.boolean(),
  updated_at: timestamp.nullable(),
  main_branch: z.string().nullable(),
  asset_id: id.nullable(),
})

export type RemoteRepository = z.infer<typeof remoteRepository>

export const listRemoteRepositories = defineRoute({
  id: 'listRemoteRepositories',
  method: 'GET',
  path: '/api/v1/connections/:id/repositories',
  summary: 'Repositories of the workspace as Bitbucket lists them now',
  tag: 'Integrations',
  access: 'connection.write',
  status: 200,
  params: idParams,
  query: z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }),
  response: z.object({
    items: z.array(remoteRepository),
    next: z.string().nullable(),
    total: z.number().int().nullable(),
  }),
})

export const chooseRepositories = defineRoute({
  id: 'chooseRepositories',
  method: 'POST',
  path: '/api/v1/connections/:id/repositories',
  summary: 'Make assets of repositories and put webhooks in place (in the background)',
  tag: 'Integrations',
  access: 'connection.write',
  status: 202,
  params: idParams,
  body: z.strictObject({
    selection: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('all') }),
      z.strictObject({ kind: z.literal('some'), uuids: z.array(z.string().max(60)).min(1).max(2000) }),
    ]),
  }),
  response: z.object({ queued: z.boolean() }),
})

/**
 * What is to be said of a repository: the worst alone. `moved`: to another workspace; `arrived`: from the workspace of another
 * connection; `handed_over`: to one; `archived`: its asset, in Weir.
 */
const repositoryTrouble = z.enum([
  'gone',
  'forbidden',
  'moved',
  'no_webhook',
  'arrived',
  'handed_over',
  'renamed',
  'archived',
])
const tally = z.number().int()

export const followedRepository = z.object({
  id,
  name: z.string(),
  /** Workspace and repository as in its address. */
  full_name: z.string(),
  web_url: z.string(),
  state: repositoryTrouble,
  former_name: z.string().nullable(),
  renamed_at: timestamp.nullable(),
  /** When Bitbucket was asked last. */
  looked_at: timestamp,
  asset: z.object({ id, name: z.string() }),
  /** Name of another connection of the workspace it is in now. */
  connection_there: z.string().nullable(),
})

export type FollowedRepository = z.infer<typeof followedRepository>

export const listFollowedRepositories = defineRoute({
  id: 'listFollowedRepositories',
  method: 'GET',
  path: '/api/v1/connections/:id/followed-repositories',
  summary: 'How the repositories of a connection are: counts, and up to 200 of which something is to be said',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: z.object({
    counts: z.object({
      gone: tally,
      forbidden: tally,
      moved: tally,
      no_webhook: tally,
      arrived: tally,
      /** Another connection follows these. */
      handed_over: tally,
      renamed: tally,
      archived: tally,
      ok: tally,
    }),
    items: z.array(followedRepository),
  }),
})

/** Progress of the background work that `chooseRepositories` queued. */
export const getConnectionProgress = defineRoute({
  id: 'getConnectionProgress',
  method: 'GET',
  path: '/api/v1/connections/:id/progress',
  summary: 'How far repositories and webhooks of a connection are',
  tag: 'Integrations',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: z.object({
    state: z.enum(['idle', 'running', 'failed']),
    repositories_done: z.number().int(),
    repositories_total: z.number().int(),
    webhooks_done: z.number().int(),
    webhooks_total: z.number().int(),
    error: z.string().nullable(),
  }),
})
