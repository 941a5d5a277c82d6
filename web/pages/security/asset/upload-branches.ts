import type { RouteInput } from '../../../api/route-types.ts'

/** What is typed beside a report; empty fields mean what the common case means. */
export type BranchDraft = { readonly branch: string; readonly target: string; readonly pullRequest: string }

export type UploadBranches = Pick<
  NonNullable<RouteInput<'createImport'>['query']>,
  'branch' | 'target_branch' | 'pull_request'
>

export type ReadBranches = {
  readonly branches: UploadBranches
  /** Why a report cannot be sent like this, and beside which field it is said. */
  readonly problem: { readonly field: keyof BranchDraft; readonly text: string } | null
}

/** Where a report goes and what it is compared with, as the server wants it told. */
export function readBranches(draft: BranchDraft, defaultBranch: string): ReadBranches {
  const branch = draft.branch.trim() === '' ? defaultBranch : draft.branch.trim()
  const target = draft.target.trim()
  const number = draft.pullRequest.trim().replace(/^#/, '')
  if (target === '' && number === '') return { branches: { branch }, problem: null }
  const branches = {
    branch,
    target_branch: target === '' ? defaultBranch : target,
    ...(number !== '' && { pull_request: number }),
  }
  return { branches, problem: findProblem(branches) }
}

function findProblem({ branch, target_branch: target, pull_request: number }: UploadBranches): ReadBranches['problem'] {
  if (number !== undefined && !/^\d{1,10}$/.test(number))
    return { field: 'pullRequest', text: 'Give the number of the pull request, its digits alone.' }
  return branch === target
    ? { field: 'branch', text: `Name the pull request's own branch: ${branch} is the one it goes to.` }
    : null
}
