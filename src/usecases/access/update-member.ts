import type { Role } from '../../domain/permissions.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { announceAccessChange } from '../../store/access/access-changes.ts'
import { findMember, lockAdmins, type Member, updateMemberRow } from '../../store/access/members.ts'
import type { Db } from '../../store/db.ts'
import { withdrawCalls } from '../../store/sync/notifications.ts'
import { type AuditActor, recordAudit } from './audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
export type UpdateMemberInput = {
  organizationId: string
  memberId: string
  role?: Role | undefined
  disabled?: boolean | undefined
  actor: AuditActor
}

/** Acts on the member's next request. Throws `not_found`, or `conflict` when no administrator would be left. */
export async function updateMember(deps: Deps, input: UpdateMemberInput): Promise<Member> {
  return deps.db.transaction().execute((tx) => update(deps, tx, input))
}

async function update(deps: Deps, tx: Db, input: UpdateMemberInput): Promise<Member> {
  const { organizationId, memberId, actor } = input
  const admins = await lockAdmins(tx, organizationId)
  const member = await findMember(tx, organizationId, memberId)
  if (member === undefined) throw new AppError('not_found', 'There is no member with this id.')
  const role = input.role ?? member.role
  const disabled = input.disabled ?? member.disabledAt !== null
  const staysAdmin = role === 'admin' && !disabled
  if (!staysAdmin && admins.length === 1 && admins[0] === memberId)
    throw new AppError('conflict', 'This is the last active administrator. Make somebody else one first.')
  const at = deps.clock()
  const disabledAt = disabled ? (member.disabledAt ?? at) : null
  if (role === member.role && disabled === (member.disabledAt !== null)) return member
  await updateMemberRow(tx, { organizationId, id: memberId }, { role, disabledAt, at })
  // What a call says is not for who may no longer read it, nor to be found when they come back.
  if (disabled) await withdrawCalls(tx, { organizationId, memberId })
  else if (role !== 'admin') await withdrawCalls(tx, { organizationId, memberId, kinds: ['webhook_disabled'] })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'member.changed',
    target: { kind: 'member', id: memberId },
    before: { role: member.role, disabled: member.disabledAt !== null },
    after: { role, disabled },
  })
  await announceAccessChange(tx, organizationId)
  return { ...member, role, disabledAt }
}
