import { judgePassword } from '../../domain/password-rules.ts'
import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { hashPassword } from '../../lib/password-hash.ts'
import { getInstance, lockInstance, recordSetupDone } from '../../store/access/instance.ts'
import { insertMember } from '../../store/access/members.ts'
import { insertOrganization } from '../../store/access/organizations.ts'
import { insertMembership, insertUser } from '../../store/access/users.ts'
import type { Db } from '../../store/db.ts'
import { recordAudit } from './audit.ts'
import { isSecretOf } from './secret-hash.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
export type SetupInput = {
  setupToken: string
  organizationName: string
  name: string
  email: string
  password: string
  isDemo: boolean
  ipAddress: string | null
}
export type MadeOrganization = { organizationId: string; memberId: string; userId: string }

/** The first organization with its administrator, once. Throws `setup_done`, `forbidden` (wrong token) or `validation_failed`. */
export async function completeSetup(deps: Deps, input: SetupInput): Promise<MadeOrganization> {
  // Before the slow hash: nobody makes us work without the token.
  judgeToken(await getInstance(deps.db), input.setupToken)
  requireGoodPassword(input.password, input.email)
  const passwordHash = await hashPassword(input.password)
  return deps.db.transaction().execute((tx) => makeFirst(deps, tx, { ...input, passwordHash }))
}

/** Throws `validation_failed` that names what is wrong with a new password. */
export function requireGoodPassword(password: string, email: string, field = 'password'): void {
  const problem = judgePassword(password, email)
  if (problem === undefined) return
  throw new AppError('validation_failed', `The password ${problem}.`, { meta: { fields: { [field]: [problem] } } })
}

type InstanceState = { setupDoneAt: Date | null; setupTokenHash: string | null }

function judgeToken(instance: InstanceState, setupToken: string): void {
  if (instance.setupDoneAt !== null) throw new AppError('setup_done', 'Weir is set up already. Log in instead.')
  if (instance.setupTokenHash !== null && isSecretOf(instance.setupTokenHash, setupToken)) return
  throw new AppError('forbidden', 'This is not the setup token that Weir printed at its last start.')
}

async function makeFirst(deps: Deps, tx: Db, input: SetupInput & { passwordHash: string }): Promise<MadeOrganization> {
  judgeToken(await lockInstance(tx), input.setupToken)
  const at = deps.clock()
  const [organizationId, memberId, userId] = [deps.newId(), deps.newId(), deps.newId()]
  const { name, email, passwordHash } = input
  await insertOrganization(tx, { id: organizationId, name: input.organizationName, isDemo: input.isDemo, at })
  if (!(await insertUser(tx, { id: userId, name, email, passwordHash, at, accountId: deps.newId() })))
    throw new AppError('conflict', `${email} has an account here already.`)
  await insertMembership(tx, userId, organizationId)
  await insertMember(tx, { organizationId, id: memberId, userId, name, email, role: 'admin', at })
  await recordSetupDone(tx, at)
  await recordAudit(deps, tx, {
    organizationId,
    actor: { kind: 'member', memberId, name, tokenId: null, ipAddress: input.ipAddress },
    action: 'organization.created',
    target: { kind: 'organization', id: organizationId },
  })
  return { organizationId, memberId, userId }
}
