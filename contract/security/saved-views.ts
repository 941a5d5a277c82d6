import * as z from 'zod'
import { id, idParams, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** A list of vulnerabilities as somebody wants to see it again. */
export const savedView = z.object({
  id,
  name: z.string(),
  /** The filters, order and openness, as the address of the list has them behind the question mark. */
  search: z.string(),
  /** Seen by the whole organization; otherwise by who saved it alone. */
  is_shared: z.boolean(),
  /** The asking member's list begins with it. */
  is_default: z.boolean(),
  created_by: z.object({ id, name: z.string() }).nullable(),
  version: z.number().int(),
  updated_at: timestamp,
})

export type SavedView = z.infer<typeof savedView>

const viewName = z.string().trim().min(1).max(80)
const search = z.string().max(4000)
const tag = 'Saved views'

export const listSavedViews = defineRoute({
  id: 'listSavedViews',
  method: 'GET',
  path: '/api/v1/saved-views',
  summary: "The member's own saved views and those of the organization, by name",
  tag,
  access: 'read',
  status: 200,
  response: z.object({ items: z.array(savedView) }),
})

export const createSavedView = defineRoute({
  id: 'createSavedView',
  method: 'POST',
  path: '/api/v1/saved-views',
  summary: 'Save a view; one for the organization needs a role that decides',
  tag,
  access: 'view.write',
  status: 201,
  body: z.strictObject({
    name: viewName,
    search,
    is_shared: z.boolean().optional(),
    is_default: z.boolean().optional(),
  }),
  response: savedView,
})

export const updateSavedView = defineRoute({
  id: 'updateSavedView',
  method: 'PATCH',
  path: '/api/v1/saved-views/:id',
  summary: 'Rename a view, keep what it shows now, share it, or begin with it',
  tag,
  access: 'view.write',
  status: 200,
  params: idParams,
  body: z.strictObject({
    name: viewName.optional(),
    search: search.optional(),
    is_shared: z.boolean().optional(),
    is_default: z.boolean().optional(),
    version: z.number().int().optional(),
  }),
  response: savedView,
})

export const deleteSavedView = defineRoute({
  id: 'deleteSavedView',
  method: 'DELETE',
  path: '/api/v1/saved-views/:id',
  summary: 'Forget a view; what it showed stays as it is',
  tag,
  access: 'view.write',
  status: 204,
  params: idParams,
})
