import * as z from 'zod'
import { id, repeated, timestamp } from '../primitives.ts'
import { defineRoute } from '../route.ts'

/** Null where there are one or two people, so that no figure is one person's. */
const activity = {
  people: z.number().int(),
  /** Weeks of people that lie in the range as a whole. */
  weeks: z.number().int().nullable(),
  /** Commits, comments, approvals, requested changes, pull requests opened and merged. */
  events: z.number().int().nullable(),
  /** Median of the dates on which a person did anything, of whole weeks in which they did. */
  active_days_per_week: z.number().nullable(),
  /** Shares from 0 to 1, of all events: outside the team's hours, and on days on which it does not work. */
  out_of_hours: z.number().nullable(),
  non_working_day: z.number().nullable(),
}

const activityAnswer = z.object({
  from: timestamp,
  to: timestamp,
  goal_days_per_week: z.number(),
  all: z.object(activity),
  /** Of people of each team as it is at the end of the range; by name. */
  teams: z.array(z.object({ id, name: z.string(), ...activity })),
  /** From each Monday on; of everybody. */
  course: z.array(z.object({ week: z.string(), ...activity })),
})
export type ActivityAnswer = z.infer<typeof activityAnswer>

export const getActivity = defineRoute({
  id: 'getActivity',
  method: 'GET',
  path: '/api/v1/analytics/activity',
  summary: 'On how many days a week people work, and how much outside the hours of their teams',
  tag: 'Analytics',
  access: 'read',
  status: 200,
  query: z.strictObject({
    /** The half-open range; the last 90 days where it is left out. */
    from: timestamp.optional(),
    to: timestamp.optional(),
    repository: repeated(id),
    /** Teams with all below them: whoever is in one at the end of the range. */
    team: repeated(id),
  }),
  response: activityAnswer,
})
