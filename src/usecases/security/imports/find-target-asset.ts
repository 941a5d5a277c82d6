import { nearestNames } from '../../../domain/nearest-names.ts'
import { AppError } from '../../../lib/app-error.ts'
import type { Db } from '../../../store/db.ts'
import { type AssetRow, findAsset, findAssetByKey, listAssetKeys } from '../../../store/security/assets.ts'

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The asset by key or id. Throws `not_found` with the keys that look like it, `conflict` for an archived one. */
export async function findTargetAsset(db: Db, input: { organizationId: string; asset: string }): Promise<AssetRow> {
  const found = await findNamedAsset(db, input)
  if (found.archived_at === null) return found
  throw new AppError('conflict', `The asset ${found.key} is archived. Bring it back before importing into it.`)
}

/** The asset by key or id, archived ones too. Throws `not_found` with the keys that look like it. */
export async function findNamedAsset(db: Db, input: { organizationId: string; asset: string }): Promise<AssetRow> {
  const { organizationId, asset: wanted } = input
  const found =
    (await findAssetByKey(db, { organizationId, key: wanted })) ??
    (uuid.test(wanted) ? await findAsset(db, { organizationId, id: wanted }) : undefined)
  if (found !== undefined) return found
  const keys = await listAssetKeys(db, organizationId)
  const nearest = nearestNames(wanted, keys, 3)
  const hint =
    nearest.length > 0
      ? `Did you mean ${nearest.join(', ')}?`
      : keys.length === 0
        ? 'There are no assets yet: connect Bitbucket, or make one under Assets.'
        : `There are ${keys.length}; look under Assets for the key.`
  throw new AppError('not_found', `There is no asset "${wanted.slice(0, 100)}". ${hint}`, { meta: { nearest } })
}
