import type { VulnerabilityMerges } from '../../../../contract/security/merges.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { listGrouped, listStanding } from '../../../store/security/regroupings.ts'
import { listMergedIds, listRelated } from '../../../store/security/related-vulnerabilities.ts'

/** What a vulnerability was merged into, has taken in, and was split off. Throws `not_found`. */
export async function listMerges(
  { db }: { db: Db },
  { organizationId, id }: { organizationId: string; id: string },
): Promise<VulnerabilityMerges> {
  const [one] = await listGrouped(db, { organizationId, ids: [id] })
  if (one === undefined) throw new AppError('not_found', 'There is no such vulnerability here.')
  const mergedIds = await listMergedIds(db, { organizationId, id })
  const standing = await listStanding(db, { organizationId, ids: [id] })
  const splits = standing.filter(({ kind }) => kind === 'split')
  const splitFrom = splits.find(({ toId }) => toId === id)?.fromId
  const splitOff = new Set(splits.filter(({ fromId }) => fromId === id).map(({ toId }) => toId))
  const ids = [one.mergedInto ?? [], mergedIds, splitFrom ?? [], ...splitOff].flat()
  const related = await listRelated(db, { organizationId, ids })
  const held = new Set(standing.flatMap(({ fromId, toId }) => [fromId, toId]))
  const toRelated = (row: (typeof related)[number]) => ({ ...row, can_undo: held.has(row.id) })
  const find = (wanted: string | null | undefined) =>
    related.filter((row) => row.id === wanted).map(toRelated)[0] ?? null
  return {
    merged_into: find(one.mergedInto),
    merged: related.filter((row) => mergedIds.includes(row.id)).map(toRelated),
    split_from: find(splitFrom),
    split_off: related.filter((row) => splitOff.has(row.id)).map(toRelated),
  }
}
