import * as z from 'zod'
import { findingKinds } from '../../src/domain/finding-kind.ts'
import { routeSending, sendingRules } from '../../src/domain/sending/sending-rules.ts'
import { id } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export type SendingSettings = z.output<typeof sendingRules>

/** `is_default`: the organization has decided nothing yet. */
const ownSettings = z.object({ ...sendingRules.shape, is_default: z.boolean() })

export const getSendingSettings = defineRoute({
  id: 'getSendingSettings',
  method: 'GET',
  path: '/api/v1/settings/sending',
  summary: 'What leaves for trackers: templates of titles and bodies by kind, and whether code is sent',
  tag: 'Routes',
  access: 'read',
  status: 200,
  response: ownSettings,
})

export const updateSendingSettings = defineRoute({
  id: 'updateSendingSettings',
  method: 'PUT',
  path: '/api/v1/settings/sending',
  summary: 'Set what leaves for trackers; a route may say otherwise, and what was sent stays as it is',
  tag: 'Routes',
  access: 'organization.write',
  status: 200,
  body: sendingRules,
  response: ownSettings,
})

export const previewItem = defineRoute({
  id: 'previewItem',
  method: 'POST',
  path: '/api/v1/routes/preview',
  summary: 'What an item of a vulnerability would say; nothing is sent',
  tag: 'Routes',
  access: 'policy.write',
  status: 200,
  body: z.strictObject({
    vulnerability_id: id,
    /** As a route to be saved has them; left out: none. */
    route: z.strictObject(routeSending.shape).optional(),
    /** As the organization would have them; left out: as it has. */
    organization: sendingRules.optional(),
  }),
  response: z.object({
    vulnerability: z.object({ id, number: z.number().int(), title: z.string() }),
    /** The template by this kind was taken. */
    kind: z.enum(findingKinds),
    title: z.string(),
    /** Markdown, without the hidden marker. */
    body: z.string(),
  }),
})
