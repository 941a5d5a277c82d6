import type { MirrorFolder } from './mirror-folder.ts'
import type { Change } from './read-sizes.ts'
import { readTokens } from './read-tokens.ts'

/** Names of changed files, old and new ones of what was renamed. `count` is how many there are; `paths` may be fewer. */
export type ChangedPaths = { paths: string[]; count: number }

const compare = ['diff-tree', '--stdin', '-r', '-z', '--root', '--always', '--no-ext-diff', '--no-renames']
const isHeader = /^[0-9a-f]{40}$/
/** A change of more is one of the whole repository: what it is about is told by a part of it. */
const pathsAtMost = 1000
const longestPath = 1000

/**
 * Which files many changes touched, in one run of git, in the order asked for. Reads folders alone, no file: nothing is
 * missing in a mirror without large files.
 */
export async function readPaths({ view, objects }: MirrorFolder, changes: readonly Change[]): Promise<ChangedPaths[]> {
  const found: ChangedPaths[] = []
  if (changes.length === 0) return found
  const lines = changes.map(({ from, to }) => (from === undefined ? to : `${to} ${from}`))
  let isPath = false
  for await (const token of readTokens({
    gitDir: view,
    objectFolder: objects,
    args: [...compare, '--raw', '--no-abbrev'],
    lines,
  })) {
    const last = found.at(-1)
    if (isPath && last !== undefined) {
      last.count += 1
      if (last.paths.length < pathsAtMost) last.paths.push(token.slice(0, longestPath))
      isPath = false
    } else if (isHeader.test(token)) found.push({ paths: [], count: 0 })
    else isPath = true
  }
  return found
}
