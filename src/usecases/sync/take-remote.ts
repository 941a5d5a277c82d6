import type { Actor } from '../../domain/actor.ts'
import { type AskedDecision, askedDecisions } from '../../domain/asked-decision.ts'
import type { Meaning } from '../../domain/sending/meanings.ts'
import { readAcceptDays } from '../../domain/sending/state-maps.ts'
import { judgeMove, type MoveActor, type Status } from '../../domain/status.ts'
import type { Db } from '../../store/db.ts'
import { announce } from '../../store/sync/live-events.ts'
import { notifyMembers } from '../../store/sync/notifications.ts'
import { queueStatePushes } from '../../store/sync/queue-state-pushes.ts'
import { findStatus } from '../../store/sync/sendable.ts'
import { recordTimeline } from '../../store/sync/timeline.ts'
import { applyMoves, type Move } from '../security/vulnerabilities/apply-move.ts'
import { askChampions } from './ask-champions.ts'
import type { ItemOutcome, Merging } from './merge-state.ts'
import { remoteTitle } from './remote-title.ts'
import type { WriteDeps } from './sync-deps.ts'

const dayMs = 86_400_000

type Taking = Merging & {
  means: Exclude<Meaning, 'nothing'>
  /** The route says so; otherwise closing is "done" and opening again is work. */
  isMapped: boolean
}
type Wanted = { move: Move; actor: Actor; moveActor: MoveActor; asks: AskedDecision | undefined }

/** The vulnerability follows its item, as far as the table of moves lets it; a decision of security stands. */
export async function takeRemote(deps: WriteDeps, tx: Db, taking: Taking): Promise<ItemOutcome> {
  const { defect, seen } = taking
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const row = await findStatus(tx, { organizationId, vulnerabilityId })
  const reason =
    seen.state === 'closed'
      ? `The item is ${seen.name} in ${remoteTitle(defect)}.`
      : taking.agreed.state === 'closed'
        ? `The item was opened again (${seen.name}).`
        : `The item is ${seen.name} in ${remoteTitle(defect)}.`
  const { move, actor, moveActor, asks } = readWish(deps, { taking, reason, status: row?.status ?? 'identified' })
  const [result] = await applyMoves(deps, tx, { organizationId, moves: [move], actor, moveActor })
  if (asks !== undefined && result?.outcome.kind !== 'refused')
    await askChampions(deps, tx, { defect, decision: asks, why: reason, actor: taking.actor, parentId: null })
  switch (result?.outcome.kind) {
    case 'moved':
      await callPeople(deps, tx, { taking, to: move.to, what: reason })
      return { changed: true, outcome: `${reason} ${describe(move.to, asks)}` }
    case 'unchanged':
      return asks === undefined
        ? { changed: false, outcome: reason }
        : { changed: true, outcome: `${reason} Champions were asked for ${asks.words}.` }
    default:
      return setBack(deps, tx, { taking, reason })
  }
}

function describe(to: Status, asks: AskedDecision | undefined): string {
  const now = `The vulnerability is now ${to.replaceAll('_', ' ')}.`
  return asks === undefined ? now : `${now} Champions were asked for ${asks.words}.`
}

type Reading = { taking: Taking; reason: string; status: Status }

function readWish(deps: Pick<WriteDeps, 'clock'>, { taking, reason, status }: Reading): Wanted {
  const { defect, actor, means, isMapped, decider, maps } = taking
  const vulnerabilityId = defect.vulnerability_id
  const moveActor = isMapped ? ('route' as const) : ('remote' as const)
  const asks = askedDecisions.find(({ to }) => to === means)
  if (asks === undefined) {
    const isAllowed = judgeMove({ from: status, to: means, actor: moveActor }).kind !== 'refused'
    // What was fixed and is worked on again was found again first.
    const to = isAllowed || means !== 'in_progress' ? means : ('identified' as const)
    return { move: { vulnerabilityId, to, reason }, actor, moveActor, asks }
  }
  if (decider === undefined)
    return { move: { vulnerabilityId, to: 'awaiting_validation', reason }, actor, moveActor: 'remote', asks }
  const until = new Date(deps.clock().getTime() + readAcceptDays(maps) * dayMs).toISOString().slice(0, 10)
  const move = { vulnerabilityId, to: asks.to, reason, ...(asks.to === 'risk_accepted' && { acceptedUntil: until }) }
  return { move, actor: decider, moveActor: 'champion', asks: undefined }
}

async function callPeople(
  deps: WriteDeps,
  tx: Db,
  { taking, to, what }: { taking: Taking; to: Status; what: string },
): Promise<void> {
  const { defect, actor, seen } = taking
  const isDone = to === 'awaiting_validation' || (to !== 'identified' && seen.state === 'closed')
  // Work that goes on calls nobody.
  if (!isDone && taking.agreed.state === seen.state) return
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const kind = isDone ? ('awaiting_validation' as const) : ('reopened' as const)
  const called = { organizationId, vulnerabilityId, kind, messageId: null, subject: `${actor.name}: ${what}` }
  await notifyMembers(deps, tx, { ...called, now: deps.clock(), exceptMemberId: null })
  await announce(tx, organizationId, [{ kind: 'notification' }])
}

/** The table refuses: a decision of security stands, and the item is told so. */
async function setBack(
  deps: WriteDeps,
  tx: Db,
  { taking, reason }: { taking: Taking; reason: string },
): Promise<ItemOutcome> {
  const { defect, actor, seen } = taking
  const { organization_id: organizationId, vulnerability_id: vulnerabilityId } = defect
  const conflict = `${reason} A decision in Weir stands against it; the item is set back.`
  const entry = { vulnerabilityId, kind: 'sync_conflict' as const, actor, reason: conflict, defectId: defect.id }
  await recordTimeline(deps, tx, { organizationId, now: deps.clock(), entries: [entry] })
  await queueStatePushes(deps, tx, { organizationId, vulnerabilityIds: [vulnerabilityId], cause: actor })
  const to = seen.state === 'closed' ? ('awaiting_validation' as const) : ('identified' as const)
  await callPeople(deps, tx, {
    taking: { ...taking, agreed: { name: null, state: flip(seen.state) } },
    to,
    what: conflict,
  })
  return { changed: true, outcome: conflict, finding: 'conflict' }
}

function flip(state: 'open' | 'closed'): 'open' | 'closed' {
  return state === 'open' ? 'closed' : 'open'
}
