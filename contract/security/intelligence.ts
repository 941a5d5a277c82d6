import * as z from 'zod'
import { calendarDate, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

export const intelligenceKind = z.enum(['epss', 'kev', 'aliases'])

export const intelligenceStatus = z.object({
  kind: intelligenceKind,
  title: z.string(),
  loaded: z
    .object({
      version: z.string().nullable(),
      /** The day the file is of, where it says so. */
      published_on: calendarDate.nullable(),
      entries: z.number().int(),
      loaded_at: timestamp,
      /** False while the vulnerabilities are being told, or where that was broken off. */
      is_applied: z.boolean(),
    })
    .nullable(),
  /** Older than 30 days. */
  is_old: z.boolean(),
})

export type IntelligenceStatus = z.infer<typeof intelligenceStatus>

export const listIntelligence = defineRoute({
  id: 'listIntelligence',
  method: 'GET',
  path: '/api/v1/intelligence',
  summary: 'Published files about advisories: what is loaded, from when',
  tag: 'Intelligence',
  access: 'organization.write',
  status: 200,
  response: z.object({
    items: z.array(intelligenceStatus),
    /** Whether a file may be sent here: the tables are the installation's, so only where there is one organization. */
    may_upload: z.boolean(),
  }),
})

/** The body is the file itself, packed or not. */
export const loadIntelligence = defineRoute({
  id: 'loadIntelligence',
  method: 'POST',
  path: '/api/v1/intelligence/load',
  summary: 'Load a published file in place of the one before',
  tag: 'Intelligence',
  access: 'organization.write',
  status: 200,
  query: z.strictObject({
    kind: intelligenceKind,
    /** Also an older file than the loaded one, or one that is much smaller. */
    force: z.stringbool().optional(),
  }),
  response: z.object({
    outcome: z.enum(['loaded', 'unchanged']),
    /** Vulnerabilities about which it says something new. */
    changed: z.number().int(),
    status: intelligenceStatus,
  }),
})
