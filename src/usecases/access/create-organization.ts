import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import { ensureInstance, lockInstance, recordSetupDone } from '../../store/access/instance.ts'
import { insertOrganization } from '../../store/access/organizations.ts'
import type { Db } from '../../store/db.ts'
import { recordAudit } from './audit.ts'
import { invite } from './invite-member.ts'

type Deps = { db: Db; clock: Clock; newId: NewId; publicUrl: string }
export type CreateOrganizationInput = { name: string; adminEmail: string }
export type CreatedOrganization = { organizationId: string; invitationLink: string; expiresAt: Date }

/** For the command line: a further organization, with an invitation for its first administrator. Counts as setup when it is the first. */
export async function createOrganization(deps: Deps, input: CreateOrganizationInput): Promise<CreatedOrganization> {
  await ensureInstance(deps.db, deps.newId())
  return deps.db.transaction().execute((tx) => create(deps, tx, input))
}

async function create(deps: Deps, tx: Db, input: CreateOrganizationInput): Promise<CreatedOrganization> {
  const at = deps.clock()
  const organizationId = deps.newId()
  const actor = { kind: 'cli', name: 'command line' } as const
  const instance = await lockInstance(tx)
  await insertOrganization(tx, { id: organizationId, name: input.name, isDemo: false, at })
  const target = { kind: 'organization', id: organizationId }
  await recordAudit(deps, tx, { organizationId, actor, action: 'organization.created', target })
  const { invitation, link } = await invite(deps, tx, { organizationId, email: input.adminEmail, role: 'admin', actor })
  if (instance.setupDoneAt === null) await recordSetupDone(tx, at)
  return { organizationId, invitationLink: link, expiresAt: invitation.expiresAt }
}
