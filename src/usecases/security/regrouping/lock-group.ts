import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { lockImportTarget } from '../../../store/security/imports.ts'
import { type Grouped, listGrouped } from '../../../store/security/regroupings.ts'

/**
 * Vulnerabilities of one asset and branch, by id, held until the transaction ends, and with them every import into it.
 * Throws `not_found`, or `validation_failed` where they are of several assets or branches.
 */
export async function lockGroup(
  tx: Db,
  { organizationId, ids }: { organizationId: string; ids: readonly string[] },
): Promise<Map<string, Grouped>> {
  const wanted = new Set(ids)
  const [first, ...rest] = await listGrouped(tx, { organizationId, ids: [...wanted] })
  if (first === undefined || rest.length + 1 < wanted.size)
    throw new AppError('not_found', 'There is no such vulnerability here.')
  const stranger = rest.find(({ assetId, branch }) => assetId !== first.assetId || branch !== first.branch)
  if (stranger !== undefined)
    throw new AppError(
      'validation_failed',
      `ids: ${nameOf(first)} and ${nameOf(stranger)} are of different assets or branches. Only what is of one asset and branch can be one.`,
    )
  await lockImportTarget(tx, { organizationId, assetId: first.assetId, branch: first.branch })
  const locked = await listGrouped(tx, { organizationId, ids: [...wanted], lock: true })
  return new Map(locked.map((row) => [row.id, row]))
}

/** One of a group that was asked for by its id. Throws `not_found`. */
export function requireMember(group: ReadonlyMap<string, Grouped>, id: string): Grouped {
  const found = group.get(id)
  if (found === undefined) throw new AppError('not_found', 'There is no such vulnerability here.')
  return found
}

/** Throws `conflict` for what is a part of another one. */
export function requireWhole(one: Grouped): void {
  if (one.mergedInto === null) return
  throw new AppError(
    'conflict',
    `${nameOf(one)} was merged into another vulnerability. Undo that first, or choose that one.`,
  )
}

/** As people call it: WEIR-12. */
export function nameOf({ number }: { number: number }): string {
  return `WEIR-${number}`
}
