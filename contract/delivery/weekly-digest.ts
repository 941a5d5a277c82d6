import * as z from 'zod'
import { timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const rhythm = {
  /** Monday is 1, Sunday 7. */
  weekday: z.number().int().min(1).max(7),
  /** Of the day, in the member's time zone. */
  hour: z.number().int().min(0).max(23),
}
const channels = { email: z.boolean(), slack: z.boolean(), teams: z.boolean() }

export const weeklyDigest = z.object({
  ...channels,
  ...rhythm,
  time_zone: z.string(),
  /** Whether the member chose; otherwise it is what the organization has for everybody. */
  is_own: z.boolean(),
  /** Whether members who chose nothing get it by mail. */
  is_on_for_all: z.boolean(),
})
export type WeeklyDigest = z.infer<typeof weeklyDigest>

export const weekPreview = z.object({
  from: timestamp,
  to: timestamp,
  /** Null where there is nothing to say, and no message. */
  title: z.string().nullable(),
  parts: z.array(
    z.object({
      head: z.string(),
      /** Lines of text. */
      lines: z.array(z.string()),
      links: z.array(z.object({ words: z.string(), url: z.string().nullable() })),
    }),
  ),
})
export type WeekPreview = z.infer<typeof weekPreview>

export const getWeeklyDigest = defineRoute({
  id: 'getWeeklyDigest',
  method: 'GET',
  path: '/api/v1/weekly-digest',
  summary: "How the asking member gets the week's figures",
  tag: 'Inbox',
  access: 'session',
  status: 200,
  response: weeklyDigest,
})

export const updateWeeklyDigest = defineRoute({
  id: 'updateWeeklyDigest',
  method: 'PUT',
  path: '/api/v1/weekly-digest',
  summary: "Choose by which channels and when the asking member gets the week's figures; all channels off ends them",
  tag: 'Inbox',
  access: 'session',
  status: 200,
  body: z.strictObject({ ...channels, ...rhythm }),
  response: weeklyDigest,
})

export const previewWeeklyDigest = defineRoute({
  id: 'previewWeeklyDigest',
  method: 'GET',
  path: '/api/v1/weekly-digest/preview',
  summary: 'What a message about the last full week would tell the asking member now',
  tag: 'Inbox',
  access: 'session',
  status: 200,
  response: weekPreview,
})

export const sendWeeklyDigest = defineRoute({
  id: 'sendWeeklyDigest',
  method: 'POST',
  path: '/api/v1/weekly-digest/send',
  summary: 'Send the asking member a message about the last full week, now',
  tag: 'Inbox',
  access: 'session',
  status: 202,
  response: z.object({ channels: z.array(z.enum(['email', 'slack', 'teams'])) }),
})

export const updateWeeklyDigestForAll = defineRoute({
  id: 'updateWeeklyDigestForAll',
  method: 'PUT',
  path: '/api/v1/settings/weekly-digest',
  summary: "Decide whether members who chose nothing get the week's figures by mail",
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: z.strictObject({ is_on: z.boolean() }),
  response: z.object({ is_on: z.boolean() }),
})
