import { resolveCommit, updateRef } from './refs.ts'
import { gitText, tryGit } from './run-git.ts'

/** Below this lie the sources of pull requests from elsewhere: no branches, no tags, and no client is told of them. */
export const hiddenRefs = 'refs/pull-requests'

const arriving = `${hiddenRefs}/arriving`

/**
 * Fetches a branch of another repository and answers the commit it stands at; undefined when there is no such branch.
 * Belongs in the queue of the repository that takes it: two at once would take each other's commit.
 */
export async function bringBranch(directory: string, from: { directory: string; branch: string }) {
  const branch = `refs/heads/${from.branch}`
  if ((await resolveCommit(from.directory, branch)) === undefined) return undefined
  const options = ['--quiet', '--no-tags', '--no-auto-gc', '--no-write-fetch-head']
  // Into a ref, so that the commit answered is the one fetched even while the branch moves on.
  const { code } = await tryGit(directory, ['fetch', ...options, from.directory, `+${branch}:${arriving}`])
  return code === 0 ? (await gitText(directory, ['rev-parse', '--verify', arriving])).trim() : undefined
}

/** Keeps the source of a pull request when its branch is gone, or the whole fork. */
export async function keepSource(directory: string, pullRequest: { id: number; sourceHash: string }): Promise<void> {
  const ref = `${hiddenRefs}/${pullRequest.id}/from`
  await updateRef(directory, { ref, from: undefined, to: pullRequest.sourceHash })
}
