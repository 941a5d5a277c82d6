import * as z from 'zod'
import { contributorKinds } from '../../src/domain/remote-kind.ts'
import { calendarDate, id, idParams, name } from '../primitives.ts'
import { defineRoute } from '../route.ts'

const dayHours = z.strictObject({
  /** ISO 8601: Monday is 1, Sunday 7. */
  weekday: z.number().int().min(1).max(7),
  from_minute: z.number().int().min(0).max(1439),
  to_minute: z.number().int().min(1).max(1440),
})
const hours = z.array(dayHours).max(7)
const holiday = z.strictObject({ day: calendarDate, name: z.string().trim().min(1).max(100) })
const timeZone = z.string().trim().min(1).max(100).nullable()

/** `people` and `repositories` are of the team itself, today. */
export const team = z.object({
  id,
  parent_id: id.nullable(),
  name: z.string(),
  people: z.number().int(),
  repositories: z.number().int(),
})
export type Team = z.infer<typeof team>

export const teamMember = z.object({
  id,
  role: z.enum(['member', 'champion']),
  /** The first day, and the first day after; null: always was, and still is. */
  from: calendarDate.nullable(),
  to: calendarDate.nullable(),
  contributor: z.object({ id, kind: z.enum(contributorKinds), name: z.string() }).nullable(),
  member: z.object({ id, name: z.string() }).nullable(),
})
export type TeamMember = z.infer<typeof teamMember>

const repository = z.object({ id, name: z.string(), workspace: z.string() })
export type TeamRepository = z.infer<typeof repository>

/** `time_zone` and `hours` as set up: null and empty where the team above decides. `calendar` is what holds. */
export const teamDetails = team.extend({
  time_zone: timeZone,
  hours,
  holidays: z.array(holiday),
  calendar: z.object({ time_zone: z.string(), hours, holidays: z.array(calendarDate) }),
  members: z.array(teamMember),
  repository_list: z.array(repository),
})
export type TeamDetails = z.infer<typeof teamDetails>

const tag = 'Teams'

export const listTeams = defineRoute({
  id: 'listTeams',
  method: 'GET',
  path: '/api/v1/teams',
  summary: 'All teams by name; `parent_id` makes the tree',
  tag,
  access: 'read',
  status: 200,
  response: z.object({ items: z.array(team) }),
})

export const getTeam = defineRoute({
  id: 'getTeam',
  method: 'GET',
  path: '/api/v1/teams/:id',
  summary: 'A team with its people, repositories, hours and holidays',
  tag,
  access: 'read',
  status: 200,
  params: idParams,
  response: teamDetails,
})

export const createTeam = defineRoute({
  id: 'createTeam',
  method: 'POST',
  path: '/api/v1/teams',
  summary: 'Make a team',
  tag,
  access: 'team.write',
  status: 201,
  body: z.strictObject({ name, parent_id: id.nullable().optional(), time_zone: timeZone.optional() }),
  response: teamDetails,
})

export const updateTeam = defineRoute({
  id: 'updateTeam',
  method: 'PATCH',
  path: '/api/v1/teams/:id',
  summary: 'Change a team: its name, place, zone, hours, holidays or repositories',
  tag,
  access: 'team.write',
  status: 200,
  params: idParams,
  body: z.strictObject({
    name: name.optional(),
    parent_id: id.nullable().optional(),
    time_zone: timeZone.optional(),
    hours: hours.optional(),
    holidays: z.array(holiday).max(500).optional(),
    repository_ids: z.array(id).max(3000).optional(),
  }),
  response: teamDetails,
})

export const deleteTeam = defineRoute({
  id: 'deleteTeam',
  method: 'DELETE',
  path: '/api/v1/teams/:id',
  summary: 'Remove a team; those below it come under the one above',
  tag,
  access: 'team.write',
  status: 204,
  params: idParams,
})

const time = { role: z.enum(['member', 'champion']), from: calendarDate.nullable(), to: calendarDate.nullable() }

export const addTeamMember = defineRoute({
  id: 'addTeamMember',
  method: 'POST',
  path: '/api/v1/teams/:id/members',
  summary: 'Put an account, or a member with all their accounts, into a team from a day on',
  tag,
  access: 'team.write',
  status: 201,
  params: idParams,
  body: z.strictObject({ ...time, contributor_id: id.optional(), member_id: id.optional() }),
  response: teamDetails,
})

export const updateTeamMember = defineRoute({
  id: 'updateTeamMember',
  method: 'PATCH',
  path: '/api/v1/team-members/:id',
  summary: 'Change since when, until when and as what somebody is in a team',
  tag,
  access: 'team.write',
  status: 200,
  params: idParams,
  body: z.strictObject(time),
  response: teamDetails,
})

export const removeTeamMember = defineRoute({
  id: 'removeTeamMember',
  method: 'DELETE',
  path: '/api/v1/team-members/:id',
  summary: 'Take somebody out of a team as if they had never been in it; past figures follow',
  tag,
  access: 'team.write',
  status: 200,
  params: idParams,
  response: teamDetails,
})

export const listRepositoryNames = defineRoute({
  id: 'listRepositoryNames',
  method: 'GET',
  path: '/api/v1/repositories',
  summary: 'Repositories whose name holds a text, for a menu; fifty at most',
  tag,
  access: 'read',
  status: 200,
  query: z.strictObject({ text: z.string().trim().max(200).optional() }),
  response: z.object({ items: z.array(repository) }),
})
