import * as z from 'zod'
import { statuses } from '../../src/domain/status.ts'
import { id, idParams, page, pageQuery, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'
import { remoteState } from './remote-states.ts'

const branch = z.string().trim().min(1).max(255)
const trackerName = z.string().min(1).max(100)
const settings = z.record(z.string(), z.unknown())
const namedConnection = z.object({ id, name: z.string() })

export const trackerRoute = z.object({
  id,
  /** Null: the default, for every asset without a route of its own. */
  asset: z.object({ id, key: z.string(), name: z.string() }).nullable(),
  /** Null: every branch of the asset. */
  branch: z.string().nullable(),
  tracker: z.string(),
  tracker_title: z.string(),
  /** Where the tracker's items live on a site of its own; null where they live in the repository of the asset. */
  connection: namedConnection.nullable(),
  settings,
  /** What a person should know before anything is sent by it, found when it was last saved. */
  notes: z.array(z.string()),
  created_at: timestamp,
  updated_at: timestamp,
})

export type TrackerRoute = z.infer<typeof trackerRoute>

export const listTrackerRoutes = defineRoute({
  id: 'listTrackerRoutes',
  method: 'GET',
  path: '/api/v1/routes',
  summary: 'Routes: which tracker the vulnerabilities of an asset or a branch go to',
  tag: 'Routes',
  access: 'read',
  status: 200,
  query: z.strictObject(pageQuery),
  response: page(trackerRoute),
})

export const createTrackerRoute = defineRoute({
  id: 'createTrackerRoute',
  method: 'POST',
  path: '/api/v1/routes',
  summary: 'Make a route: the default one, of an asset, or of a branch; it acts on what is sent from now on',
  tag: 'Routes',
  access: 'policy.write',
  status: 201,
  body: z.strictObject({
    asset_id: id.optional(),
    branch: branch.optional(),
    tracker: trackerName,
    connection_id: id.optional(),
    /** By the tracker's own schema; what is left out is as the tracker begins with. */
    settings: settings.optional(),
  }),
  response: trackerRoute,
})

export const updateTrackerRoute = defineRoute({
  id: 'updateTrackerRoute',
  method: 'PATCH',
  path: '/api/v1/routes/:id',
  summary: 'Change the tracker of a route, its connection or its settings',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  params: idParams,
  body: z.strictObject({
    tracker: trackerName.optional(),
    connection_id: id.nullable().optional(),
    settings: settings.optional(),
  }),
  response: trackerRoute,
})

export const countUnalignedItems = defineRoute({
  id: 'countUnalignedItems',
  method: 'GET',
  path: '/api/v1/routes/:id/unaligned',
  summary: 'How many items of a route show another state than it says',
  tag: 'Routes',
  access: 'read',
  status: 200,
  params: idParams,
  response: z.object({ items: z.number().int() }),
})

export const alignItems = defineRoute({
  id: 'alignItems',
  method: 'POST',
  path: '/api/v1/routes/:id/align',
  summary: 'Bring up to 500 items of a route to the states it says now; call again while some are left',
  tag: 'Routes',
  access: 'policy.write',
  status: 202,
  params: idParams,
  response: z.object({ queued: z.number().int(), left: z.number().int() }),
})

export const deleteTrackerRoute = defineRoute({
  id: 'deleteTrackerRoute',
  method: 'DELETE',
  path: '/api/v1/routes/:id',
  summary: 'Remove a route; what was sent by it stays where it is',
  tag: 'Routes',
  access: 'policy.write',
  status: 204,
  params: idParams,
})

const destination = {
  /** `branch`, `asset`: its own route; `default`: the one for everything; `repository`: none, so what its repository has. */
  because: z.enum(['branch', 'asset', 'default', 'repository']),
  route_id: id.nullable(),
  tracker: z.string(),
  tracker_title: z.string(),
  connection: namedConnection.nullable(),
  /** Why nothing can be sent there now, in a sentence; null when it can. */
  obstacle: z.string().nullable(),
}

export const assetDestination = z.object({
  asset: z.object({
    id,
    key: z.string(),
    name: z.string(),
    repository: z.string().nullable(),
    default_branch: z.string(),
  }),
  /** What goes wherever no branch has a route of its own. */
  ...destination,
  branches: z.array(z.object({ branch: z.string(), ...destination })),
})

export type AssetDestination = z.infer<typeof assetDestination>

export const listAssetDestinations = defineRoute({
  id: 'listAssetDestinations',
  method: 'GET',
  path: '/api/v1/routes/assets',
  summary: 'Which route each asset really gets, and why; by name',
  tag: 'Routes',
  access: 'read',
  status: 200,
  query: z.strictObject({ ...pageQuery, q: z.string().max(200).optional() }),
  response: page(assetDestination),
})

export const listTrackers = defineRoute({
  id: 'listTrackers',
  method: 'GET',
  path: '/api/v1/trackers',
  summary: 'Every tracker, with the JSON schema of the settings a route to it has',
  tag: 'Routes',
  access: 'read',
  status: 200,
  response: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        /** Kind of the connection a route to it names; null where the repository of the asset decides. */
        connection_kind: z.string().nullable(),
        settings_schema: z.record(z.string(), z.unknown()),
        /** Every state an item can have; null where each project has its own. */
        states: z.array(remoteState).nullable(),
        /** What an item is brought to where a route says nothing: `name` null where any such state will do; null: left as it is. */
        default_states: z.record(
          z.enum(statuses),
          z.object({ is_closed: z.boolean(), name: z.string().nullable() }).nullable(),
        ),
      }),
    ),
  }),
})
