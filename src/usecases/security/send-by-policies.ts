import type { Actor } from '../../domain/actor.ts'
import { shareSends } from '../../domain/share-sends.ts'
import type { Clock } from '../../lib/clock.ts'
import type { NewId } from '../../lib/ids.ts'
import type { Db } from '../../store/db.ts'
import { listWantedByPolicies, noteHeldBack } from '../../store/security/policies.ts'
import { callToMany, listChampions } from '../../store/sync/calls.ts'
import type { Enqueue } from '../../store/sync/jobs.ts'
import { announce } from '../../store/sync/live-events.ts'
import type { OperationLane } from '../../store/sync/operations.ts'
import { queueSends } from '../sync/queue-sends.ts'

type Deps = { newId: NewId; clock: Clock; enqueue: Enqueue }
type Candidates = {
  organizationId: string
  vulnerabilityIds: readonly string[]
  /** What brought them up: they were found or came back, or their deadline came near or went by. */
  because: 'appeared' | 'deadline'
}

/** Queues what policies send of some vulnerabilities, in the caller's transaction. */
export async function sendByPolicies(
  deps: Deps,
  tx: Db,
  { actor, lane, ...candidates }: Candidates & { actor: Actor; lane: OperationLane },
): Promise<void> {
  const { organizationId } = candidates
  const vulnerabilityIds = await chooseByPolicies(deps, tx, candidates)
  if (vulnerabilityIds.length > 0) await queueSends(deps, tx, { organizationId, vulnerabilityIds, actor, lane })
}

/** Ids of what policies send, the worst first; what goes beyond the most a policy sends in one run is held back and told. */
export async function chooseByPolicies(
  deps: Pick<Deps, 'newId' | 'clock'>,
  tx: Db,
  candidates: Candidates,
): Promise<string[]> {
  const { organizationId } = candidates
  const now = deps.clock()
  const { send, held } = shareSends(await listWantedByPolicies(tx, { ...candidates, now }))
  if (held.size > 0) await tellHeldBack(deps, tx, { organizationId, counts: held, now })
  return send
}

type HeldBack = { organizationId: string; counts: ReadonlyMap<string, number>; now: Date }

async function tellHeldBack(deps: Pick<Deps, 'newId'>, tx: Db, { organizationId, counts, now }: HeldBack) {
  await noteHeldBack(tx, { organizationId, counts, now })
  const count = [...counts.values()].reduce((sum, one) => sum + one, 0)
  for (const memberId of await listChampions(tx, organizationId)) {
    const digest = { memberId, kind: 'held_back' as const, count, subject: tellMany }
    await callToMany(deps, tx, { organizationId, digest, now })
  }
  await announce(tx, organizationId, [{ kind: 'notification' }])
}

const tellMany = (count: number) =>
  `${new Intl.NumberFormat('en').format(count)} ${count === 1 ? 'vulnerability was' : 'vulnerabilities were'} not sent at once: a policy sends only so many. Send the rest from Policies`
