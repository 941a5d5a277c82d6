import type { DeploymentVerdict } from '../../../../contract/delivery/deployments.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { NewId } from '../../../lib/ids.ts'
import type { Db } from '../../../store/db.ts'
import {
  type DeploymentMark,
  deleteMarks,
  findMark,
  listTellings,
  replaceMark,
} from '../../../store/delivery/deployments/marks-of-people.ts'
import { type AuditActor, recordAudit } from '../../access/audit.ts'

type Deps = { db: Db; clock: Clock; newId: NewId }
type Asked = { organizationId: string; id: string; actor: AuditActor }

const says = {
  failed: { isFailed: true },
  not_failed: { isFailed: false },
  rework: { isRework: true },
  planned: { isRework: false },
} as const satisfies Record<DeploymentVerdict, Partial<DeploymentMark>>

/**
 * Takes down what a person says of a deployment, against every rule. Of failing and of repairing each can be said: what
 * was said of the other stays. Throws `not_found`.
 */
export async function markDeployment(
  deps: Deps,
  input: Asked & { verdict: DeploymentVerdict; reason: string },
): Promise<void> {
  await deps.db.transaction().execute((tx) => markInTransaction(deps, tx, input))
}

async function markInTransaction(
  deps: Deps,
  tx: Db,
  { organizationId, id, actor, verdict, reason }: Asked & { verdict: DeploymentVerdict; reason: string },
): Promise<void> {
  const tellings = await requireTellings(tx, { organizationId, id })
  const before = await findMark(tx, { organizationId, tellings })
  const { isFailed = null, isRework = null } = before ?? {}
  const mark = { isFailed, isRework, ...says[verdict], reason, memberName: actor.name, at: deps.clock() }
  await replaceMark(tx, { organizationId, deploymentId: id, tellings, mark })
  await recordAudit(deps, tx, {
    organizationId,
    actor,
    action: 'deployment.marked',
    target: { kind: 'deployment', id },
    ...(before !== undefined && { before: toTold(before) }),
    after: toTold(mark),
  })
}

/** Takes back all that people said of a deployment: the rules judge it again. Throws `not_found`, also where nothing was said. */
export async function unmarkDeployment(deps: Deps, input: Asked): Promise<void> {
  await deps.db.transaction().execute((tx) => unmarkInTransaction(deps, tx, input))
}

async function unmarkInTransaction(deps: Deps, tx: Db, { organizationId, id, actor }: Asked): Promise<void> {
  const tellings = await requireTellings(tx, { organizationId, id })
  const before = await findMark(tx, { organizationId, tellings })
  if (before === undefined) throw new AppError('not_found', 'Nobody said anything of this deployment.')
  await deleteMarks(tx, { organizationId, tellings })
  const target = { kind: 'deployment', id }
  await recordAudit(deps, tx, { organizationId, actor, action: 'deployment.unmarked', target, before: toTold(before) })
}

async function requireTellings(tx: Db, { organizationId, id }: Omit<Asked, 'actor'>): Promise<string[]> {
  const tellings = await listTellings(tx, { organizationId, deploymentId: id })
  if (tellings.length === 0) throw new AppError('not_found', 'There is no such deployment here.')
  return tellings
}

function toTold({ isFailed, isRework, reason }: DeploymentMark) {
  return { failed: isFailed, rework: isRework, reason }
}
