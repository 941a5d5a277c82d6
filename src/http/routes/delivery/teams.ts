import * as contract from '../../../../contract/delivery/teams.ts'
import { addTeamMember, removeTeamMember, updateTeamMember } from '../../../usecases/delivery/teams/team-members.ts'
import {
  createTeam,
  deleteTeam,
  getTeam,
  listRepositoryNames,
  listTeams,
  updateTeam,
} from '../../../usecases/delivery/teams/teams.ts'
import type { HttpContext } from '../../context.ts'
import { type Principal, toAuditActor } from '../../principal.ts'
import { type BoundRoute, bind } from '../../route.ts'

function askedBy(principal: Principal, request: { ip: string }) {
  return { organizationId: principal.organizationId, actor: toAuditActor(principal, request.ip) }
}

export function teamRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.listTeams, async ({ principal: { organizationId } }) => listTeams(context, { organizationId })),
    bind(contract.getTeam, async ({ params, principal: { organizationId } }) =>
      getTeam(context, { organizationId, id: params.id }),
    ),
    bind(contract.createTeam, async ({ body, principal, request }) =>
      createTeam(context, {
        ...askedBy(principal, request),
        name: body.name,
        parentId: body.parent_id ?? null,
        timeZone: body.time_zone ?? null,
      }),
    ),
    bind(contract.updateTeam, async ({ params, body, principal, request }) => {
      const change = {
        name: body.name,
        parentId: body.parent_id,
        timeZone: body.time_zone,
        hours: body.hours?.map((one) => ({
          weekday: one.weekday,
          fromMinute: one.from_minute,
          toMinute: one.to_minute,
        })),
        holidays: body.holidays,
        repositoryIds: body.repository_ids,
      }
      return updateTeam(context, { ...askedBy(principal, request), id: params.id, change })
    }),
    bind(contract.deleteTeam, async ({ params, principal, request }) =>
      deleteTeam(context, { ...askedBy(principal, request), id: params.id }),
    ),
    ...memberRoutes(context),
    bind(contract.listRepositoryNames, async ({ query, principal: { organizationId } }) =>
      listRepositoryNames(context, { organizationId, text: query.text }),
    ),
  ]
}

function memberRoutes(context: HttpContext): BoundRoute[] {
  return [
    bind(contract.addTeamMember, async ({ params, body, principal, request }) => {
      const { role, from, to } = body
      const who = { contributorId: body.contributor_id, memberId: body.member_id }
      return addTeamMember(context, { ...askedBy(principal, request), id: params.id, role, from, to, ...who })
    }),
    bind(contract.updateTeamMember, async ({ params, body, principal, request }) =>
      updateTeamMember(context, { ...askedBy(principal, request), id: params.id, ...body }),
    ),
    bind(contract.removeTeamMember, async ({ params, principal, request }) =>
      removeTeamMember(context, { ...askedBy(principal, request), id: params.id }),
    ),
  ]
}
