export interface DiffLine {
  kind: 'same' | 'added' | 'removed' | 'note'
  /** Line numbers in the two versions. */
  old: number | null
  new: number | null
  text: string
}

export interface DiffFile {
  oldPath: string | null
  newPath: string | null
  /** One list for each hunk, with its heading. */
  hunks: { heading: string; lines: DiffLine[] }[]
  binary: boolean
}

function stripPrefix(name: string): string | null {
  const bare = name.replace(/\t$/, '')
  return bare === '/dev/null' ? null : bare.slice(2)
}

function readHeader(file: DiffFile, line: string): void {
  if (line.startsWith('--- ')) file.oldPath = stripPrefix(line.slice(4))
  else if (line.startsWith('+++ ')) file.newPath = stripPrefix(line.slice(4))
  else if (line.startsWith('rename from ')) file.oldPath = line.slice(12)
  else if (line.startsWith('rename to ')) file.newPath = line.slice(10)
  else if (line.startsWith('new file')) file.oldPath = null
  else if (line.startsWith('deleted file')) file.newPath = null
  else if (line.startsWith('Binary files')) file.binary = true
}

function newFile(line: string): DiffFile {
  // Empty, binary and mode-only changes have no `---`/`+++` lines: both halves of the first line are the same path.
  const both = line.slice('diff --git a/'.length)
  const path = both.slice(0, (both.length - 3) / 2)
  return { oldPath: path, newPath: path, hunks: [], binary: false }
}

/** Reads git's unified diff. */
export function parseDiff(text: string): DiffFile[] {
  const files: DiffFile[] = []
  let [old, now] = [0, 0]
  let lines: DiffLine[] | undefined
  for (const line of text.split('\n')) {
    if (line.startsWith('diff --git ')) {
      files.push(newFile(line))
      lines = undefined
      continue
    }
    const file = files.at(-1)
    if (file === undefined) continue
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line)
    if (hunk !== null) {
      ;[old, now] = [Number(hunk[1]), Number(hunk[2])]
      lines = []
      file.hunks.push({ heading: line, lines })
    } else if (lines === undefined) readHeader(file, line)
    else {
      const body = line.slice(1)
      if (line.startsWith('+')) lines.push({ kind: 'added', old: null, new: now++, text: body })
      else if (line.startsWith('-')) lines.push({ kind: 'removed', old: old++, new: null, text: body })
      else if (line.startsWith(' ')) lines.push({ kind: 'same', old: old++, new: now++, text: body })
      else if (line.startsWith('\\')) lines.push({ kind: 'note', old: null, new: null, text: body.trim() })
    }
  }
  return files
}
