/** Whether a unified diff shows the line on its new side, added or as context: where a comment can hang. */
export function diffShowsLine(diff: string, path: string, line: number): boolean {
  let isOurFile = false
  let inHunk = 0
  for (const text of diff.split('\n')) {
    if (inHunk === 0 && text.startsWith('diff --git ')) isOurFile = false
    if (inHunk === 0 && text.startsWith('+++ ')) isOurFile = newPath(text) === path
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@/.exec(text)
    if (hunk !== null) {
      const first = Number(hunk[1])
      const count = hunk[2] === undefined ? 1 : Number(hunk[2])
      if (isOurFile && line >= first && line < first + count) return true
      inHunk = count
    } else if (inHunk > 0 && !text.startsWith('-') && !text.startsWith('\\')) inHunk -= 1
  }
  return false
}

/** `+++ b/src/a.py` names src/a.py; names with unusual characters come quoted, with octal escapes. */
function newPath(header: string): string {
  const name = header.slice(4).replace(/\t.*$/, '').replace(/\r$/, '')
  const plain = name.startsWith('"') ? unquote(name) : name
  return plain.replace(/^b\//, '')
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
