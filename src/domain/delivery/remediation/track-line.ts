/** One hunk of a comparison without context: `before` lines from `from` on are replaced by `after` lines. */
export type Hunk = { from: number; before: number; after: number }

/** Where a line is after a change: still there, gone without anything in its place, or written anew. */
export type TrackedLine = { kind: 'kept'; line: number } | { kind: 'removed' } | { kind: 'changed' }

const header = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/

/** The hunk whose head a line of git's output is; undefined for every other line. */
export function readHunk(text: string): Hunk | undefined {
  const [, from, before = '1', after = '1'] = header.exec(text) ?? []
  return from === undefined ? undefined : { from: Number(from), before: Number(before), after: Number(after) }
}

/**
 * Follows a line, counted from 1, through the hunks of one change. Hunks that only add stand after the line they name;
 * they come in the order of the file and do not overlap.
 */
export function trackLine(line: number, hunks: readonly Hunk[]): TrackedLine {
  let moved = 0
  for (const { from, before, after } of hunks) {
    if (before === 0 ? line <= from : line < from) break
    if (line < from + before) return { kind: after === 0 ? 'removed' : 'changed' }
    moved += after - before
  }
  return { kind: 'kept', line: line + moved }
}
