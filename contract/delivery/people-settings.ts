import * as z from 'zod'
import { defineRoute } from '../route.ts'

/** What is shown of one person alone; everything is off until somebody decides otherwise. */
export const peopleSettings = z.strictObject({
  has_person_pages: z.boolean(),
  /** Only where there are pages of persons. */
  has_rankings: z.boolean(),
  /** Of teams that say no other: of the IANA database. */
  time_zone: z.string().trim().min(1).max(100),
})
export type PeopleSettings = z.infer<typeof peopleSettings>

export const getPeopleSettings = defineRoute({
  id: 'getPeopleSettings',
  method: 'GET',
  path: '/api/v1/settings/people',
  summary: 'What figures may show of one person alone',
  tag: 'Settings',
  access: 'read',
  status: 200,
  response: peopleSettings,
})

export const updatePeopleSettings = defineRoute({
  id: 'updatePeopleSettings',
  method: 'PUT',
  path: '/api/v1/settings/people',
  summary: 'Decide what figures may show of one person alone',
  tag: 'Settings',
  access: 'organization.write',
  status: 200,
  body: peopleSettings,
  response: peopleSettings,
})
