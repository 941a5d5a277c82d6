import * as z from 'zod'
import { id, idParams, name, page, pageQuery, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const assetKey = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, 'lower case letters, digits, dot, dash and underscore')

export const tag = z.string().trim().min(1).max(50)

export const asset = z.object({
  id,
  key: z.string(),
  name: z.string(),
  repository: z
    .object({
      id,
      full_name: z.string(),
      web_url: z.string(),
      state: z.enum(['here', 'renamed', 'forbidden', 'gone']),
      /** What it was called before it was renamed or moved, and when that was seen. */
      former_name: z.string().nullable(),
      renamed_at: timestamp.nullable(),
    })
    .nullable(),
  default_branch: z.string(),
  business_impact: z.enum(['low', 'medium', 'high']),
  exposure: z.enum(['internal', 'internet']),
  data_classes: z.array(z.string()),
  tags: z.array(z.string()),
  /** Open vulnerabilities of the default branch by severity. */
  open: z.object({
    critical: z.number().int(),
    high: z.number().int(),
    medium: z.number().int(),
    low: z.number().int(),
    notification: z.number().int(),
  }),
  last_import_at: timestamp.nullable(),
  archived_at: timestamp.nullable(),
  /** 0 to 100 points; null as long as nothing was imported for the default branch, or nothing was worked out yet. */
  risk_score: z.number().nullable(),
  /** What the security gate says of the default branch. */
  gate: z.enum(['passed', 'warning', 'failed', 'could_not_decide']),
})

export type Asset = z.infer<typeof asset>

export const listAssets = defineRoute({
  id: 'listAssets',
  method: 'GET',
  path: '/api/v1/assets',
  summary: 'Assets, by name or by risk score',
  tag: 'Assets',
  access: 'read',
  status: 200,
  query: z.strictObject({
    ...pageQuery,
    q: z.string().max(200).optional(),
    tag: repeated(tag),
    archived: z.stringbool().optional(),
    /** By name, or the highest risk score first. */
    sort: z.enum(['name', '-risk_score']).optional(),
  }),
  response: page(asset),
})

export const getAsset = defineRoute({
  id: 'getAsset',
  method: 'GET',
  path: '/api/v1/assets/:id',
  summary: 'One asset',
  tag: 'Assets',
  access: 'read',
  status: 200,
  params: idParams,
  response: asset,
})

const assetSettings = {
  name,
  default_branch: z.string().trim().min(1).max(255),
  business_impact: asset.shape.business_impact,
  exposure: asset.shape.exposure,
  data_classes: z.array(tag).max(20),
  tags: z.array(tag).max(50),
}

export const createAsset = defineRoute({
  id: 'createAsset',
  method: 'POST',
  path: '/api/v1/assets',
  summary: 'Make an asset that has no repository',
  tag: 'Assets',
  access: 'asset.write',
  status: 201,
  body: z.strictObject({ key: assetKey, ...z.object(assetSettings).partial().shape, name }),
  response: asset,
})

export const updateAsset = defineRoute({
  id: 'updateAsset',
  method: 'PATCH',
  path: '/api/v1/assets/:id',
  summary: 'Change an asset, archive it or bring it back',
  tag: 'Assets',
  access: 'asset.write',
  status: 200,
  params: idParams,
  body: z.strictObject({ ...z.object(assetSettings).partial().shape, archived: z.boolean().optional() }),
  response: asset,
})
