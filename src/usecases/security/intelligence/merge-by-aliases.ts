import { findAliasMerges } from '../../../domain/matching/find-alias-merges.ts'
import { isAppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { listAliasedEvidence, listAssetsWithPackages } from '../../../store/security/advisory-aliases.ts'
import { listOrganizationIds } from '../../../store/security/intelligence.ts'
import { widenByAliases } from '../imports/widen-by-aliases.ts'
import { mergeInTransaction } from '../regrouping/merge-vulnerabilities.ts'
import type { MoveDeps } from '../vulnerabilities/apply-move.ts'

type Deps = MoveDeps & { db: Db }

/** Puts together what the loaded names say is one, in every organization; answers how many became a part of another one. */
export async function mergeByAliases(deps: Deps): Promise<number> {
  let merged = 0
  for (const organizationId of await listOrganizationIds(deps.db))
    for (const assetId of await listAssetsWithPackages(deps.db, organizationId))
      merged += await mergeAsset(deps, { organizationId, assetId })
  return merged
}

async function mergeAsset(deps: Deps, asset: { organizationId: string; assetId: string }): Promise<number> {
  const evidence = await widenByAliases(deps.db, await listAliasedEvidence(deps.db, asset))
  let merged = 0
  for (const branch of Map.groupBy(evidence, (one) => one.branch).values())
    for (const { id, into, name } of findAliasMerges(branch)) {
      const reason = `Merged because the file of aliases says that both are ${name}`
      const actor = { kind: 'system', name: 'Weir' } as const
      const merge = { organizationId: asset.organizationId, into, ids: [id], reason, actor }
      merged += await deps.db
        .transaction()
        .execute(async (tx) => mergeInTransaction(deps, tx, merge))
        .then(() => 1, passOver)
    }
  return merged
}

/** What somebody merged, or an import took away, meanwhile. */
function passOver(error: unknown): number {
  if (isAppError(error, 'conflict') || isAppError(error, 'not_found')) return 0
  throw error
}
