import { isPermitted, isTokenScope, type TokenScope } from '../../../domain/permissions.ts'
import type { MoveActor } from '../../../domain/status.ts'
import type { Clock } from '../../../lib/clock.ts'
import { findTokenHolder } from '../../../store/access/api-tokens.ts'
import { findMember } from '../../../store/access/members.ts'
import type { Db } from '../../../store/db.ts'
import type { BulkChangeRow } from '../../../store/security/bulk-changes.ts'
import { toMoveActor } from '../vulnerabilities/get-vulnerability.ts'
import { isEverAllowed, permissionFor } from './bulk-request.ts'
import type { StoredChange } from './stored-change.ts'

export type Standing = { kind: 'may'; moveActor: MoveActor } | { kind: 'may_not'; reason: string }

/** Whether who asked for a bulk change may still make it: thousands may wait while a token is revoked, or a role taken away. */
export async function judgeStarter(
  deps: { clock: Clock },
  tx: Db,
  row: BulkChangeRow,
  change: StoredChange,
): Promise<Standing> {
  const { organization_id: organizationId, member_id: memberId, member_name: name, token_id: tokenId } = row
  const member = await findMember(tx, organizationId, memberId)
  if (member === undefined || member.disabledAt !== null) return mayNot(`${name} is no longer a member here.`)
  const { role } = member
  const moveActor = toMoveActor(role)
  if (moveActor === undefined || !isPermitted({ role, scopes: null }, neededFor(change)) || !mayMove(change, moveActor))
    return mayNot(`${name} has the role ${role} by now, which does not allow this.`)
  if (tokenId === null) return { kind: 'may', moveActor }
  const token = await findTokenHolder(tx, { organizationId, id: tokenId })
  if (token === undefined) return mayNot('The API token it was started with has been revoked.')
  if (token.expiresAt <= deps.clock()) return mayNot('The API token it was started with has expired.')
  const scopes: readonly TokenScope[] = token.scopes.filter(isTokenScope)
  if (!isPermitted({ role, scopes }, neededFor(change)))
    return mayNot('The API token it was started with does not allow this by now.')
  return { kind: 'may', moveActor }
}

const mayNot = (reason: string): Standing => ({ kind: 'may_not', reason })

function neededFor(change: StoredChange) {
  return permissionFor(change.kind === 'undo' ? change.undone_kind : change.kind)
}

function mayMove(change: StoredChange, moveActor: MoveActor): boolean {
  return change.kind !== 'move' || isEverAllowed(change.to, moveActor)
}
