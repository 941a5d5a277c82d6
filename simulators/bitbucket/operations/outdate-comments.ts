import { findEntry, readFile } from '../git/tree.ts'
import type { Comment, PullRequest, Repository } from '../model.ts'

async function lineAt(
  repository: Repository,
  place: { hash: string; path: string; line: number },
): Promise<string | undefined> {
  const entry = await findEntry(repository.directory, place.hash, place.path)
  if (entry?.kind !== 'file') return undefined
  const text = (await readFile(repository.directory, place.hash, place.path)).toString('utf8')
  return text.split('\n')[place.line - 1]
}

/** After a push: a comment whose line reads differently now is outdated. Where it moved to is not followed. */
export async function outdateComments(
  repository: Repository,
  pullRequest: PullRequest,
  hashes: { from: string; to: string },
): Promise<void> {
  const outdated = async ({ inline }: Comment): Promise<boolean> => {
    if (inline === null || inline.to === null) return false
    const place = { path: inline.path, line: inline.to }
    const [before, after] = await Promise.all([
      lineAt(repository, { ...place, hash: hashes.from }),
      lineAt(repository, { ...place, hash: hashes.to }),
    ])
    return before !== after
  }
  for (const comment of pullRequest.comments) {
    if (comment.inline !== null && !comment.inline.outdated && (await outdated(comment))) comment.inline.outdated = true
  }
}
