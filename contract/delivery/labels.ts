import * as z from 'zod'
import { defineRoute } from '../route.ts'

export const labelFields = ['title', 'branch'] as const

const rule = {
  /** Several rules may give the same label. */
  label: z.string().trim().min(1).max(100),
  /** Of a pull request: its title, or the branch it comes from. */
  field: z.enum(labelFields),
  /** `*` is anything; whatever the case. */
  pattern: z.string().trim().min(1).max(200),
}

export const labelRules = z.object({
  items: z.array(z.object({ ...rule, /** Pull requests that have the label. */ pull_requests: z.number().int() })),
})
export type LabelRules = z.infer<typeof labelRules>

export const listLabelRules = defineRoute({
  id: 'listLabelRules',
  method: 'GET',
  path: '/api/v1/settings/labels',
  summary: 'Labels of pull requests, and by what they get them',
  tag: 'Settings',
  access: 'read',
  status: 200,
  response: labelRules,
})

export const updateLabelRules = defineRoute({
  id: 'updateLabelRules',
  method: 'PUT',
  path: '/api/v1/settings/labels',
  summary: 'Decide which pull requests get which label',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: z.strictObject({ items: z.array(z.strictObject(rule)).max(50) }),
  response: labelRules,
})
