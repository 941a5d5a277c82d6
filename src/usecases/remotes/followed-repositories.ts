import { AppError } from '../../lib/app-error.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Db } from '../../store/db.ts'
import { type ConnectionKey, findConnection } from '../../store/remotes/connections.ts'
import { countFollowed, listTroubledRepositories } from '../../store/remotes/followed-repositories.ts'

const shownAtMost = 200
/** Days for which a new name is news. */
const renamedForDays = 30

/** How the repositories of a connection are: counts, and each of which something is to be said. Throws `not_found`. */
export async function listFollowedRepositories({ db, clock }: { db: Db; clock: Clock }, key: ConnectionKey) {
  if ((await findConnection(db, key)) === undefined) throw new AppError('not_found', 'There is no such connection.')
  const renamedSince = new Date(clock().getTime() - renamedForDays * 86_400_000)
  const counts = {
    gone: 0,
    forbidden: 0,
    moved: 0,
    no_webhook: 0,
    arrived: 0,
    handed_over: 0,
    renamed: 0,
    archived: 0,
    ok: 0,
  }
  for (const { state, count } of await countFollowed(db, { ...key, renamedSince })) counts[state] = count
  const rows = await listTroubledRepositories(db, { ...key, renamedSince, limit: shownAtMost })
  return {
    counts,
    items: rows.map(({ asset_id: id, asset_name: assetName, ...row }) => ({
      ...row,
      renamed_at: row.renamed_at?.toISOString() ?? null,
      looked_at: row.looked_at.toISOString(),
      asset: { id, name: assetName },
    })),
  }
}
