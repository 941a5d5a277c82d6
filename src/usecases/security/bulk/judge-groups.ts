import { judgeMove, type MoveActor, type MoveNeed } from '../../../domain/status.ts'
import type { Db } from '../../../store/db.ts'
import type { BulkTarget } from '../../../store/security/bulk-changes.ts'
import {
  groupByAssignee,
  groupByRating,
  groupByStatus,
  groupByTags,
  groupForSending,
} from '../../../store/security/bulk-previews.ts'
import type { FilterScope } from '../../../store/security/vulnerability-filters.ts'
import { planSends } from '../../sync/queue-sends.ts'
import { sentAlready } from '../../sync/refuse-send.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { maxTags } from './perform-batch.ts'
import { already, mergedAway, noMove, tooManyTags } from './refusals.ts'
import type { StoredChange } from './stored-change.ts'

/** What would come of as many vulnerabilities that are in the same position. */
export type JudgedGroup = { count: number } & (
  | { state: 'changed'; needs: readonly MoveNeed[] }
  | { state: 'unchanged' | 'refused'; reason: string }
)

type Judging = {
  scope: FilterScope
  target: BulkTarget
  change: Exclude<StoredChange, { kind: 'undo' }>
  moveActor: MoveActor
}

/** Judges by groups, so that a million is judged as quickly as ten. The same rules decide again when it is done. */
export async function judgeGroups(deps: WriteDeps, tx: Db, judging: Judging): Promise<JudgedGroup[]> {
  const { scope, target, change, moveActor } = judging
  switch (change.kind) {
    case 'move': {
      const groups = await groupByStatus(tx, scope, target)
      return groups.map(({ status, isMerged, count }): JudgedGroup => {
        if (isMerged) return { count, state: 'refused', reason: mergedAway }
        const acceptedUntil = change.accepted_until
        const verdict = judgeMove({
          from: status,
          to: change.to,
          actor: moveActor,
          reason: change.reason,
          acceptedUntil,
        })
        if (verdict.kind === 'unchanged') return { count, state: 'unchanged', reason: already(status) }
        if (verdict.kind === 'refused') return { count, state: 'refused', reason: noMove(status, change.to) }
        return { count, state: 'changed', needs: verdict.kind === 'incomplete' ? verdict.missing : [] }
      })
    }
    case 'assign': {
      const groups = await groupByAssignee(tx, scope, target)
      return groups.map(({ assigneeId, ...group }) => settle(group, assigneeId === change.assignee_id, 'assigned so'))
    }
    case 'severity': {
      const { severity, reason } = change
      const groups = await groupByRating(tx, scope, { target, severity, reason })
      return groups.map(({ isSo, ...group }) => settle(group, isSo, severity))
    }
    case 'tags':
      return judgeTags(tx, { ...judging, change })
    case 'send':
      return judgeSending(deps, tx, { ...judging, change })
  }
}

function settle({ isMerged, count }: { isMerged: boolean; count: number }, isSo: boolean, what: string): JudgedGroup {
  if (isMerged) return { count, state: 'refused', reason: mergedAway }
  return isSo ? { count, state: 'unchanged', reason: already(what) } : { count, state: 'changed', needs: [] }
}

type Of<Kind extends StoredChange['kind']> = Omit<Judging, 'change'> & { change: Extract<StoredChange, { kind: Kind }> }

async function judgeTags(tx: Db, { scope, target, change }: Of<'tags'>): Promise<JudgedGroup[]> {
  const { add, remove } = change
  const groups = await groupByTags(tx, scope, { target, tags: [...add, ...remove] })
  return groups.map(({ having, others, ...group }) => {
    const next = new Set([...having.filter((tag) => !remove.includes(tag)), ...add]).size
    if (!group.isMerged && next > having.length && next + others > maxTags)
      return { count: group.count, state: 'refused', reason: tooManyTags }
    const isSo = add.every((tag) => having.includes(tag)) && !remove.some((tag) => having.includes(tag))
    return settle(group, isSo, 'tagged so')
  })
}

async function judgeSending(deps: WriteDeps, tx: Db, { scope, target, change }: Of<'send'>): Promise<JudgedGroup[]> {
  const groups = await groupForSending(tx, scope, target)
  const { skipped } = await planSends(tx, {
    organizationId: scope.organizationId,
    vulnerabilityIds: groups.map((group) => group.sampleId),
    now: deps.clock(),
    ...(change.tracker !== null && { tracker: change.tracker }),
  })
  const reasons = new Map(skipped.map(({ vulnerabilityId, reason }) => [vulnerabilityId, reason]))
  return groups.map(({ sampleId, isMerged, count }): JudgedGroup => {
    const reason = isMerged ? mergedAway : reasons.get(sampleId)
    if (reason === undefined) return { count, state: 'changed', needs: [] }
    return { count, state: reason === sentAlready ? 'unchanged' : 'refused', reason }
  })
}
