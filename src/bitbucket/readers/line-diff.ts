import { type Hunk, readHunk } from '../../domain/delivery/remediation/track-line.ts'
import type { FeedRequest } from './feed-request.ts'

const query = (path: string) => ({ path, context: 0, ignore_whitespace: true, binary: false })

/** What happened to a file on the way from one commit to another. The remote names the newer one first. */
export function requestRangeDiff(
  repositoryPath: string,
  { from, to, path }: { from: string; to: string; path: string },
): FeedRequest {
  const spec = `${encodeURIComponent(to)}..${encodeURIComponent(from)}`
  return { path: `${repositoryPath}/diff/${spec}`, what: 'compare two scans', query: { ...query(path), topic: false } }
}

/** What a commit did to a file; a merge, what it brought into its branch. */
export function requestCommitDiff(
  repositoryPath: string,
  { commit, path }: { commit: string; path: string },
): FeedRequest {
  return {
    path: `${repositoryPath}/diff/${encodeURIComponent(commit)}`,
    what: 'read what a merge did to a file',
    query: query(path),
  }
}

/** A diff without context, of one file. `removed`: the lines that are gone, by their former number. */
export type LineDiff = { hunks: Hunk[]; removed: ReadonlyMap<number, string>; isDeleted: boolean }

/** Reads a diff without context as git writes it; of several files the first. */
export function readLineDiff(text: string): LineDiff {
  const hunks: Hunk[] = []
  const removed = new Map<number, string>()
  let [isDeleted, files, at] = [false, 0, 0]
  for (const line of text.split('\n')) {
    const hunk = readHunk(line)
    if (hunk !== undefined) {
      hunks.push(hunk)
      at = hunk.from
    } else if (line.startsWith('diff --git ')) {
      files += 1
      if (files > 1) break
    } else if (hunks.length === 0) isDeleted ||= line.startsWith('deleted file mode')
    else if (line.startsWith('-')) {
      removed.set(at, line.slice(1))
      at += 1
    }
  }
  return { hunks, removed, isDeleted }
}
