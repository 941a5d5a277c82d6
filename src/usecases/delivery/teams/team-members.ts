import type { TeamDetails } from '../../../../contract/delivery/teams.ts'
import { overlaps } from '../../../domain/people/team-tree.ts'
import { AppError } from '../../../lib/app-error.ts'
import { findContributorById } from '../../../store/access/contributors.ts'
import { findMember } from '../../../store/access/members.ts'
import type { Db } from '../../../store/db.ts'
import {
  deleteTeamMemberRow,
  findTeamOfMembership,
  insertTeamMember,
  listTeamMembers,
  type TeamMemberRow,
  type TeamRole,
  updateTeamMemberRow,
} from '../../../store/delivery/teams/team-members.ts'
import { lockTeams } from '../../../store/delivery/teams/teams.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'
import { getTeam, type TeamDeps } from './teams.ts'

type Asked = { organizationId: string; actor: AuditActor; id: string }
type Time = { role: TeamRole; from: string | null; to: string | null }
type Who = { contributorId?: string | undefined; memberId?: string | undefined }

/**
 * Puts somebody into a team for a time. Throws `not_found`, `validation_failed` for nobody of ours, for neither or both of
 * account and member, for a time that ends before it begins or in which they are in the team already.
 */
export async function addTeamMember(deps: TeamDeps, input: Asked & Time & Who): Promise<TeamDetails> {
  const { organizationId, id: teamId, role, from, to } = input
  const id = deps.newId()
  await getTeam(deps, { organizationId, id: teamId })
  await deps.db.transaction().execute(async (tx) => {
    await lockTeams(tx, organizationId)
    const who = await findWho(tx, input)
    await checkTime(tx, { organizationId, teamId, id, who, from, to })
    await insertTeamMember(tx, {
      ...who,
      organizationId,
      id,
      teamId,
      role,
      from,
      to,
      now: deps.clock(),
    })
    await tell(deps, tx, { ...input, teamId, action: 'team.member_added', told: { role, from, to } })
  })
  return getTeam(deps, { organizationId, id: teamId })
}

type Found = { contributorId: string | null; memberId: string | null }

async function findWho(tx: Db, { organizationId, contributorId, memberId }: Asked & Who): Promise<Found> {
  if ((contributorId === undefined) === (memberId === undefined))
    throw new AppError('validation_failed', 'contributor_id: name either an account or a member.')
  if (memberId !== undefined) {
    const member = await findMember(tx, organizationId, memberId)
    if (member === undefined) throw new AppError('validation_failed', 'member_id: there is no such member.')
    return { contributorId: null, memberId }
  }
  const found = await findContributorById(tx, { organizationId, id: contributorId ?? '' })
  if (found === undefined) throw new AppError('validation_failed', 'contributor_id: there is no such account.')
  return { contributorId: found.merged_into ?? found.id, memberId: null }
}

type Checked = {
  organizationId: string
  teamId: string
  id: string
  who: { contributorId: string | null; memberId: string | null }
  from: string | null
  to: string | null
}

async function checkTime(tx: Db, { organizationId, teamId, id, who, from, to }: Checked): Promise<void> {
  if (from !== null && to !== null && to <= from)
    throw new AppError('validation_failed', 'to: the last day is after the first.')
  const others = await listTeamMembers(tx, { organizationId, id: teamId })
  const again = others.find(
    (one) =>
      one.id !== id &&
      (who.memberId === null ? one.contributor?.id === who.contributorId : one.member?.id === who.memberId) &&
      overlaps({ from, to }, { from: one.from_day, to: one.to_day }),
  )
  if (again !== undefined) throw new AppError('validation_failed', 'from: they are in the team at that time already.')
}

async function findMembership(tx: Db, { organizationId, id }: Asked): Promise<TeamMemberRow> {
  const teamId = await findTeamOfMembership(tx, { organizationId, id })
  const rows = teamId === undefined ? [] : await listTeamMembers(tx, { organizationId, id: teamId })
  const row = rows.find((one) => one.id === id)
  if (row === undefined) throw new AppError('not_found', 'There is no such member of a team here.')
  return row
}

/** Changes since and until when, and as what, somebody is in a team. Throws as `addTeamMember`. */
export async function updateTeamMember(deps: TeamDeps, input: Asked & Time): Promise<TeamDetails> {
  const { organizationId, id, role, from, to } = input
  const row = await deps.db.transaction().execute(async (tx) => {
    await lockTeams(tx, organizationId)
    const known = await findMembership(tx, input)
    const who = { contributorId: known.contributor?.id ?? null, memberId: known.member?.id ?? null }
    await checkTime(tx, { organizationId, teamId: known.team_id, id, who, from, to })
    await updateTeamMemberRow(tx, { organizationId, id, role, from, to })
    const told = { role, from, to }
    await tell(deps, tx, { ...input, teamId: known.team_id, action: 'team.member_changed', told })
    return known
  })
  return getTeam(deps, { organizationId, id: row.team_id })
}

/** As if they had never been in it. Throws `not_found`. */
export async function removeTeamMember(deps: TeamDeps, input: Asked): Promise<TeamDetails> {
  const { organizationId, id } = input
  const row = await deps.db.transaction().execute(async (tx) => {
    await lockTeams(tx, organizationId)
    const known = await findMembership(tx, input)
    await deleteTeamMemberRow(tx, { organizationId, id })
    await tell(deps, tx, { ...input, teamId: known.team_id, action: 'team.member_removed', told: { role: known.role } })
    return known
  })
  return getTeam(deps, { organizationId, id: row.team_id })
}

type Told = {
  organizationId: string
  actor: AuditActor
  teamId: string
  action: string
  told: Readonly<Record<string, unknown>>
}

/** Without the name of the person: whoever is anonymised later would stay in the log. */
async function tell(deps: TeamDeps, tx: Db, { organizationId, actor, teamId, action, told }: Told): Promise<void> {
  await recordAudit(deps, tx, { organizationId, actor, action, target: { kind: 'team', id: teamId }, after: told })
}
