import { randomUUID } from 'node:crypto'
import { commitFormat, type GitCommit, parseCommit } from './commits.ts'
import { isTreePath } from './pathspec.ts'
import { gitText } from './run-git.ts'

export interface FileVersion {
  commit: GitCommit
  /** As the file was called in that commit. */
  path: string
  size: number
}

/** Sizes of `<commit>:<path>`; 0 for what is not there any more. */
async function readSizes(directory: string, names: string[]): Promise<number[]> {
  const args = ['cat-file', '-z', '--batch-check=%(objectsize)']
  const output = await gitText(directory, args, { stdin: names.map((name) => `${name}\0`).join('') })
  let at = 0
  return names.map((name) => {
    // What is missing is named as it was asked for, with the line ends it may have.
    const line = output.startsWith(name, at) ? `${name} missing` : output.slice(at, output.indexOf('\n', at))
    at += line.length + 1
    return Number(line) || 0
  })
}

/** The commits that touched a file, newest first; also under its former names when asked. */
export async function readFileHistory(
  directory: string,
  at: { commit: string; path: string; renames: boolean },
): Promise<FileVersion[]> {
  if (!isTreePath(at.path)) return []
  const names = at.renames ? ['--name-status', '--follow'] : ['--name-status', '--no-renames']
  // Marks that no message can know: what the names are ended by varies.
  const mark = randomUUID()
  const format = `--format=${mark}${commitFormat}${mark}`
  const text = await gitText(directory, ['log', '-z', '--date-order', format, ...names, at.commit, '--', at.path], {
    environment: { GIT_LITERAL_PATHSPECS: '1' },
  })
  const records = text.split(mark).slice(1)
  const found = records
    .filter((_part, index) => index % 2 === 0)
    .map((fields, index) => {
      const changes = records[2 * index + 1] ?? ''
      // `M path`, or `R100 old new`: the last one is its name there. A merge names nothing.
      const path = changes.split('\0').findLast((field) => field !== '')
      return { commit: parseCommit(fields.split('\0')), path: path ?? at.path }
    })
  const sizes = await readSizes(
    directory,
    found.map(({ commit, path }) => `${commit.hash}:${path}`),
  )
  return found.map((one, index) => ({ ...one, size: sizes[index] ?? 0 }))
}
