import type { VulnerabilityFlow } from '../../../../contract/delivery/remediation.ts'
import type { Actor } from '../../../domain/actor.ts'
import { readReference } from '../../../domain/delivery/remediation/read-reference.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { findFlow } from '../../../store/delivery/remediation/flow-views.ts'
import {
  findReferenced,
  insertDecision,
  waitForRemediation,
} from '../../../store/delivery/remediation/remediation-decisions.ts'
import { followVulnerabilities } from './follow-vulnerabilities.ts'
import { getVulnerabilityFlow } from './get-flow.ts'

type Deps = { db: Db; clock: Clock; newId: () => string }

export type DecisionInput = {
  organizationId: string
  id: string
  actor: Actor & { kind: 'member' }
  pull_request: string
  is_linked: boolean | null
}

/**
 * A member's word that a pull request remedies a vulnerability or does not; null takes back what was said before. Every
 * word is kept. Throws `not_found` for the vulnerability, `validation_failed` for a pull request that is not here.
 */
export async function decideRemediation(deps: Deps, input: DecisionInput): Promise<VulnerabilityFlow> {
  const { organizationId, id } = input
  await deps.db.transaction().execute((tx) => decide(deps, tx, input))
  return getVulnerabilityFlow(deps, { organizationId, id })
}

async function decide(
  { clock, newId }: Deps,
  tx: Db,
  { organizationId, id, actor, ...said }: DecisionInput,
): Promise<void> {
  if ((await findFlow(tx, { organizationId, id })) === undefined)
    throw new AppError('not_found', 'There is no such vulnerability here.')
  const reference = readReference(said.pull_request)
  if (reference === undefined)
    throw new AppError(
      'validation_failed',
      'pull_request: give its number, workspace/repository#number, or its address in Bitbucket.',
    )
  await waitForRemediation(tx, organizationId)
  const pullRequestId = await findReferenced(tx, { organizationId, vulnerabilityId: id, ...reference })
  if (pullRequestId === undefined)
    throw new AppError('validation_failed', 'pull_request: no such pull request has been read from Bitbucket here.')
  await insertDecision(tx, {
    organization_id: organizationId,
    id: newId(),
    vulnerability_id: id,
    pull_request_id: pullRequestId,
    is_linked: said.is_linked,
    member_name: actor.name,
    at: clock(),
  })
  await followVulnerabilities(tx, { organizationId, ids: [id], now: clock() })
}
