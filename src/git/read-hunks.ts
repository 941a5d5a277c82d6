import type { MirrorFolder } from './mirror-folder.ts'
import type { Change } from './read-sizes.ts'
import { readLines, readTokens } from './read-tokens.ts'

/** Lines that stand together: `removed` of the file before from line `start` on, `added` in their place. */
type Hunk = { start: number; removed: number; added: number }
export type FileChange = { oldPath: string; hunks: Hunk[] }

type Asked = { change: Change; paths: readonly string[]; limits: { lines: number; files: number } }

/** Neither submodules nor what turned from a file into a link; renames as sizes find them. */
const compare = ['diff-tree', '-r', '--root', '-M', '-l400', '--diff-filter=AMDR', '--ignore-submodules=all']
const quiet = ['--no-ext-diff', '--no-textconv', '--no-color', '--no-commit-id']

/** Which lines of which files a change touched. Undefined where it is more than the limits say. Binary files have no lines. */
export async function listFileChanges(folder: MirrorFolder, asked: Asked): Promise<FileChange[] | undefined> {
  const { limits } = asked
  const files: FileChange[] = []
  for await (const oldPath of listOldPaths(folder, asked)) {
    if (files.length === limits.files) return undefined
    files.push({ oldPath, hunks: [] })
  }
  let file = -1
  let lines = 0
  // Git tells files in one order; what they hold never begins a line without a sign before it.
  for await (const line of readLines(callOf(folder, asked, ['-p', '-U0']))) {
    if (line.startsWith('diff --git ')) file += 1
    const hunk = line.startsWith('@@ ') ? toHunk(line) : undefined
    if (hunk === undefined) continue
    lines += hunk.removed + hunk.added
    if (lines > limits.lines) return undefined
    files[file]?.hunks.push(hunk)
  }
  return files
}

function callOf({ view, objects }: MirrorFolder, { change, paths }: Asked, format: readonly string[]) {
  const { from, to } = change
  const args = [...compare, ...quiet, ...format, ...(from === undefined ? [to] : [from, to]), '--', ...paths]
  return { gitDir: view, objectFolder: objects, args }
}

/** `:100644 100644 OLD NEW R095`, its name before, and for a rename its name after. */
async function* listOldPaths(folder: MirrorFolder, asked: Asked): AsyncGenerator<string> {
  let status: string | undefined
  let toSkip = 0
  for await (const token of readTokens(callOf(folder, asked, ['--raw', '-z']))) {
    if (toSkip > 0) toSkip -= 1
    else if (status === undefined) status = token.slice(token.lastIndexOf(' ') + 1)
    else {
      yield token
      toSkip = status.startsWith('R') ? 1 : 0
      status = undefined
    }
  }
}

/** `@@ -12,3 +12,0 @@ …`; one line is told without a count. */
const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/

function toHunk(line: string): Hunk | undefined {
  const found = hunkHeader.exec(line)
  if (found === null) return undefined
  const [, start, removed = '1', added = '1'] = found
  return { start: Number(start), removed: Number(removed), added: Number(added) }
}
