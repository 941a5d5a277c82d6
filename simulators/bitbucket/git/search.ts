import { tryGit } from './run-git.ts'

export interface FoundLine {
  path: string
  line: number
  text: string
  /** false: shown because a match stands beside it. */
  matches: boolean
}

/** Lines of a commit's text files that hold one of the words, of files that hold them all; a line around each. */
export async function searchCommit(
  directory: string,
  at: { commit: string; words: string[] },
): Promise<Map<string, FoundLine[]>> {
  const words = at.words.flatMap((word) => ['-e', word])
  const form = ['--no-color', '--full-name', '-n', '-z', '-I', '-i', '-F', '--context=1', '--all-match']
  const result = await tryGit(directory, ['grep', ...form, ...words, at.commit, '--'])
  const found = new Map<string, FoundLine[]>()
  // <commit>:<path> NUL <line> NUL <text>; `--` between groups. A path may go on in the next line.
  const row = /(?:--\n)?[0-9a-f]+:([^\0]*)\0(\d+)\0([^\n]*)\n?/gy
  for (const [, path = '', line = '', text = ''] of result.stdout.toString('utf8').matchAll(row)) {
    const lines = found.get(path) ?? []
    const lower = text.toLowerCase()
    lines.push({ path, line: Number(line), text, matches: at.words.some((word) => lower.includes(word.toLowerCase())) })
    found.set(path, lines)
  }
  return found
}

export async function listPaths(directory: string, commit: string): Promise<string[]> {
  const result = await tryGit(directory, ['ls-tree', '-r', '-z', '--name-only', commit])
  return result.stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '')
}
