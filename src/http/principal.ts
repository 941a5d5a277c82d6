import type { Actor } from '../domain/actor.ts'
import type { AuditActor } from '../usecases/access/audit.ts'
import type { Authenticated } from '../usecases/access/authenticate.ts'

/** Who asks: a member, by a login (`scopes` null, `sessionId` set) or by one of their API tokens. */
export type Principal = Authenticated

/** The principal as history names it. */
export function toActor(principal: Principal): Actor & { kind: 'member' } {
  return { kind: 'member', memberId: principal.memberId, name: principal.name, tokenId: principal.tokenId }
}

/** The principal as the audit log names it. */
export function toAuditActor(principal: Principal, ipAddress: string): AuditActor & { kind: 'member' } {
  return { ...toActor(principal), ipAddress }
}
