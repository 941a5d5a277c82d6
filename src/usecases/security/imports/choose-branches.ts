import { AppError } from '../../../lib/app-error.ts'
import type { AssetRow } from '../../../store/security/assets.ts'

export type BranchWish = {
  branch?: string | undefined
  /** The branch a pull request goes to. */
  targetBranch?: string | undefined
  /** What Bitbucket calls the pull request: its number. */
  pullRequestId?: string | undefined
}

/** Where a report belongs, and what it is compared with besides; null where it is no pull request's. */
export type Branches = { branch: string; targetBranch: string | null; pullRequestId: string | null }

/**
 * The branches of an import. A pull request without a target goes to the asset's default branch. Throws `validation_failed`
 * where its own branch is not named, or is the target.
 */
export function chooseBranches(wish: BranchWish, asset: Pick<AssetRow, 'default_branch'>): Branches {
  const { branch, pullRequestId } = wish
  if (wish.targetBranch === undefined && pullRequestId === undefined)
    return { branch: branch ?? asset.default_branch, targetBranch: null, pullRequestId: null }
  const targetBranch = wish.targetBranch ?? asset.default_branch
  if (branch === undefined)
    throw new AppError(
      'validation_failed',
      `branch: name the branch of the pull request. Without it the report would be one of ${asset.default_branch}.`,
    )
  if (branch === targetBranch)
    throw new AppError(
      'validation_failed',
      `target_branch: ${branch} is the branch of the pull request itself. Name the one it goes to.`,
    )
  return { branch, targetBranch, pullRequestId: pullRequestId ?? null }
}
