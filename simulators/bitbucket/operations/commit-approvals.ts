import type { CommitApproval, Participant, Repository } from '../model.ts'
import { forbidden, notFound } from '../simulator-error.ts'
import type { Sim } from '../state.ts'
import type { Acting } from './pull-requests.ts'

function toParticipant({ person, date }: CommitApproval): Participant {
  return { person, role: 'PARTICIPANT', approved: true, state: 'approved', participatedOn: date }
}

/** Who approves of a commit, as its participants. */
export function approvalsOf(repository: Repository, hash: string): Participant[] {
  return repository.commitApprovals.filter((one) => one.hash === hash).map(toParticipant)
}

/** That everybody may read a repository does not make them judges of it. */
function assertExplicitAccess({ repository, actor }: Acting): void {
  const isMember = repository.workspace.members.some((one) => one.person.uuid === actor.uuid)
  if (!isMember && !repository.permissions.has(actor.uuid) && actor.kind === 'user') throw forbidden('Forbidden')
}

/** Approving twice changes nothing. */
export function approveCommit(sim: Sim, acting: Acting, hash: string): Participant {
  const { repository, actor } = acting
  assertExplicitAccess(acting)
  const known = approvalsOf(repository, hash).find((one) => one.person.uuid === actor.uuid)
  if (known !== undefined) return known
  const approval = { hash, person: actor, date: sim.now() }
  repository.commitApprovals.push(approval)
  return toParticipant(approval)
}

export function unapproveCommit(acting: Acting, hash: string): void {
  const { repository, actor } = acting
  assertExplicitAccess(acting)
  const kept = repository.commitApprovals.filter((one) => one.hash !== hash || one.person.uuid !== actor.uuid)
  if (kept.length === repository.commitApprovals.length) throw notFound("You haven't approved this commit.")
  repository.commitApprovals = kept
}
