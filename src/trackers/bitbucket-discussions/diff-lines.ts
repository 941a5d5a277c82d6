/** `old`: as the file was where the branches parted; `new`: as the pull request's source has it. */
export type DiffSide = 'old' | 'new'

/** A line of a diff as a comment names it: on the new side where it is there at all; `text` as the diff shows it. */
export type DiffPlace = { path: string; line: number; side: DiffSide; text: string }

/** Where a unified diff shows the line that one of its sides knows by this path and number; undefined: it does not. */
export function findInDiff(
  diff: string,
  wanted: { path: string; line: number; side: DiffSide },
): DiffPlace | undefined {
  for (const { oldPath, newPath, oldLine, newLine, text } of readLines(diff)) {
    const [path, line] = wanted.side === 'new' ? [newPath, newLine] : [oldPath, oldLine]
    if (path !== wanted.path || line !== wanted.line) continue
    if (newPath !== null && newLine !== null) return { path: newPath, line: newLine, side: 'new', text }
    // A removed line of a renamed file stands in the section of its new name.
    if (oldLine !== null) return { path: newPath ?? wanted.path, line: oldLine, side: 'old', text }
  }
  return undefined
}

type DiffLine = {
  oldPath: string | null
  newPath: string | null
  oldLine: number | null
  newLine: number | null
  text: string
}

function* readLines(diff: string): Generator<DiffLine> {
  const paths: { oldPath: string | null; newPath: string | null } = { oldPath: null, newPath: null }
  const next = { old: 0, new: 0 }
  const left = { old: 0, new: 0 }
  for (const line of diff.split('\n')) {
    if (left.old <= 0 && left.new <= 0) {
      if (line.startsWith('--- ')) paths.oldPath = readPath(line)
      else if (line.startsWith('+++ ')) paths.newPath = readPath(line)
      const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line)
      if (hunk === null) continue
      ;[next.old, next.new] = [Number(hunk[1]), Number(hunk[3])]
      ;[left.old, left.new] = [Number(hunk[2] ?? 1), Number(hunk[4] ?? 1)]
      continue
    }
    if (line.startsWith('\\')) continue
    const isOld = !line.startsWith('+')
    const isNew = !line.startsWith('-')
    const oldLine = isOld ? next.old : null
    const newLine = isNew ? next.new : null
    if (isOld) [next.old, left.old] = [next.old + 1, left.old - 1]
    if (isNew) [next.new, left.new] = [next.new + 1, left.new - 1]
    yield { ...paths, oldLine, newLine, text: line.slice(1) }
  }
}

/** `+++ b/src/a.py` names src/a.py, `/dev/null` no file; names with unusual characters come quoted, with octal escapes. */
function readPath(header: string): string | null {
  const name = header.slice(4).replace(/\t.*$/, '').replace(/\r$/, '')
  const plain = name.startsWith('"') ? unquote(name) : name
  return plain === '/dev/null' ? null : plain.replace(/^[ab]\//, '')
}

function unquote(name: string): string {
  const bytes: number[] = []
  const inner = name.slice(1, -1)
  for (let index = 0; index < inner.length; index++) {
    const octal = /^\\([0-7]{3})/.exec(inner.slice(index, index + 4))
    if (octal?.[1] !== undefined) {
      bytes.push(Number.parseInt(octal[1], 8))
      index += 3
    } else if (inner[index] === '\\') {
      index += 1
      bytes.push(...Buffer.from(inner[index] ?? ''))
    } else bytes.push(...Buffer.from(inner[index] ?? ''))
  }
  return Buffer.from(bytes).toString('utf8')
}
