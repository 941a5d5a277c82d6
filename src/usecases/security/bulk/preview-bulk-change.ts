import type * as z from 'zod'
import type { ChangeRequest, previewBulkChange as route } from '../../../../contract/security/bulk-changes.ts'
import type { WriteDeps } from '../../sync/sync-deps.ts'
import { type Asker, requirePermitted, toStored, toTarget } from './bulk-request.ts'
import { type JudgedGroup, judgeGroups } from './judge-groups.ts'

type Preview = z.output<NonNullable<(typeof route)['response']>>

/**
 * What a change of many would do now. A reason that is still missing is named, not refused. Throws `forbidden` or
 * `validation_failed` as the change itself would.
 */
export async function previewBulkChange(
  deps: WriteDeps,
  { asker, request }: { asker: Asker; request: ChangeRequest },
): Promise<Preview> {
  const { organizationId, memberId } = asker
  const moveActor = requirePermitted(asker, request.change)
  const change = await toStored(deps, deps.db, { organizationId, change: request.change })
  const judging = {
    scope: { organizationId, memberId, now: deps.clock() },
    target: toTarget(request),
    change,
    moveActor,
  }
  const groups = await deps.db.transaction().execute((tx) => judgeGroups(deps, tx, judging))
  return toPreview(groups)
}

function toPreview(groups: readonly JudgedGroup[]): Preview {
  const countOf = (state?: JudgedGroup['state']) =>
    groups.reduce((sum, group) => sum + (state === undefined || group.state === state ? group.count : 0), 0)
  const reasons = new Map<string, Preview['groups'][number]>()
  for (const group of groups) {
    if (group.state === 'changed') continue
    const key = `${group.state} ${group.reason}`
    const before = reasons.get(key)?.count ?? 0
    reasons.set(key, { state: group.state, reason: group.reason, count: before + group.count })
  }
  return {
    total: countOf(),
    changed: countOf('changed'),
    unchanged: countOf('unchanged'),
    refused: countOf('refused'),
    needs: listNeeds(groups),
    groups: [...reasons.values()].toSorted((a, b) => b.count - a.count),
  }
}

export function listNeeds(groups: readonly JudgedGroup[]) {
  const needs = groups.flatMap((group) => (group.state === 'changed' ? group.needs : []))
  return (['reason', 'accepted_until'] as const).filter((need) => needs.includes(need))
}
