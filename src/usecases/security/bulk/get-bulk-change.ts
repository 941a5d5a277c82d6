import type { BulkChange } from '../../../../contract/security/bulk-changes.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Clock } from '../../../lib/clock.ts'
import type { Db } from '../../../store/db.ts'
import { parsePageRequest } from '../../../store/page.ts'
import { type BulkItemState, listItemViews } from '../../../store/security/bulk-change-items.ts'
import {
  type BulkChangeRow,
  type BulkChangeState,
  findBulkChange,
  listBulkChanges as list,
} from '../../../store/security/bulk-changes.ts'
import { toBulkChangeView } from './bulk-change-view.ts'
import type { Asker } from './bulk-request.ts'

type Deps = { db: Db; clock: Clock }
type PageQuery = { cursor?: string | undefined; limit?: number | undefined }

/** Throws `not_found`. */
export async function getBulkChange(deps: Deps, { asker, id }: { asker: Asker; id: string }): Promise<BulkChange> {
  const row = requireFound(await findBulkChange(deps.db, { organizationId: asker.organizationId, id }))
  return toBulkChangeView(row, asker, deps.clock())
}

export function requireFound(row: BulkChangeRow | undefined): BulkChangeRow {
  if (row === undefined) throw new AppError('not_found', 'There is no such bulk change here.')
  return row
}

export async function listBulkChanges(
  deps: Deps,
  {
    asker,
    query,
  }: { asker: Asker; query: PageQuery & { state?: BulkChangeState[] | undefined; mine?: boolean | undefined } },
) {
  const now = deps.clock()
  return list(deps.db, {
    organizationId: asker.organizationId,
    memberId: query.mine === true ? asker.memberId : undefined,
    states: query.state,
    page: parsePageRequest(query),
    map: (row) => toBulkChangeView(row, asker, now),
  })
}

/** Throws `not_found`. */
export async function listBulkChangeItems(
  deps: Deps,
  { asker, id, query }: { asker: Asker; id: string; query: PageQuery & { state?: BulkItemState[] | undefined } },
) {
  const { organizationId } = asker
  requireFound(await findBulkChange(deps.db, { organizationId, id }))
  const page = parsePageRequest(query)
  return listItemViews(deps.db, { organizationId, bulkChangeId: id, states: query.state, page })
}
