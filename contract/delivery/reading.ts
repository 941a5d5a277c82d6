import * as z from 'zod'
import { allFeedKinds } from '../../src/domain/delivery/feed-kinds.ts'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** One listing of a repository (or a workspace), and how far it is read. */
export const feed = z.object({
  kind: z.enum(allFeedKinds),
  state: z.enum(['waiting', 'reading', 'fresh', 'forbidden', 'failed', 'off']),
  pass: z.enum(['full', 'increment', 'reconcile']),
  /** Of the present or last pass. */
  pages_read: z.number().int(),
  pages_expected: z.number().int().nullable(),
  records: z.number().int(),
  bad_records: z.number().int(),
  requests: z.number().int(),
  /** What the credential lacks. */
  missing_scope: z.string().nullable(),
  error: z.string().nullable(),
  /** Each pull request is asked for its own history, because the repository refuses the whole. */
  is_by_pull_request: z.boolean(),
  completed_at: timestamp.nullable(),
  next_look_at: timestamp,
  /** When everything was last proved to be known, and how many records had been missed by then. */
  reconciled_at: timestamp.nullable(),
  reconciled_missing: z.number().int().nullable(),
  /** Of commits: the repository's copy on disk, and how often git asked the host, which counts that apart from requests. */
  clone: z.object({ bytes: z.number().int(), git_operations: z.number().int(), is_partial: z.boolean() }).nullable(),
})

export const readRepository = z.object({
  /** Null for what belongs to the workspace. */
  repository: z.object({ id, full_name: z.string(), web_url: z.string() }).nullable(),
  feeds: z.array(feed),
})

/** How far a connection's repositories are read for the figures. */
export const reading = z.object({
  /** Repositories, and those of which everything that may be read was read once. */
  repositories: z.number().int(),
  repositories_read: z.number().int(),
  feeds: z.record(feed.shape.state, z.number().int()),
  records: z.number().int(),
  bad_records: z.number().int(),
  /** Requests made until now, and about how many are still to make. */
  requests: z.number().int(),
  requests_remaining: z.number().int(),
  /** The share of the hour that reading has. */
  requests_per_hour: z.number().int(),
  /** When it will be done if nothing is added; null where nobody can say, and where nothing is to be done. */
  done_at: timestamp.nullable(),
  missing_scopes: z.array(
    z.object({ scope: z.string(), kinds: z.array(z.enum(allFeedKinds)), feeds: z.number().int() }),
  ),
  /** What needs somebody first, then what is being read; a hundred at most. */
  items: z.array(readRepository),
})

export type Reading = z.infer<typeof reading>
export type ReadFeed = z.infer<typeof feed>

export const getReading = defineRoute({
  id: 'getReading',
  method: 'GET',
  path: '/api/v1/connections/:id/reading',
  summary:
    'How far the repositories are read for the figures: by listing, with requests, what is missing, and until when',
  tag: 'Delivery',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: reading,
})

export const readNow = defineRoute({
  id: 'readNow',
  method: 'POST',
  path: '/api/v1/connections/:id/read',
  summary: 'Read what is new in all repositories now, in the background',
  tag: 'Delivery',
  access: 'delivery.retry',
  status: 202,
  params: idParams,
  response: z.object({ queued: z.literal(true) }),
})

export const badRecord = z.object({
  id,
  kind: z.enum(allFeedKinds),
  repository: z.string().nullable(),
  /** What the remote calls it, as far as that could be read. */
  remote_key: z.string().nullable(),
  reason: z.string(),
  /** As it came, its beginning. */
  body: z.string(),
  seen_at: timestamp,
})

export const listBadRecords = defineRoute({
  id: 'listBadRecords',
  method: 'GET',
  path: '/api/v1/connections/:id/bad-records',
  summary: 'Records that could not be understood, latest first, a hundred at most; each is kept and stops nothing',
  tag: 'Delivery',
  access: 'connection.read',
  status: 200,
  params: idParams,
  response: z.object({ items: z.array(badRecord) }),
})
