import { pathspec, toTreePath } from './pathspec.ts'
import { gitText, runGit } from './run-git.ts'

/** The tree that has nothing in it: what a root commit is compared with. */
export const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

export interface FileChange {
  status: 'added' | 'removed' | 'modified' | 'renamed'
  oldPath: string | null
  newPath: string | null
  linesAdded: number
  linesRemoved: number
}

export interface Comparison {
  from: string
  to: string
}

export interface DiffOptions {
  /** Lines around a change; three without it. */
  context?: number
  ignoreWhitespace?: boolean
  /** false: a renamed file is one removed and one added. */
  renames?: boolean
  /** false: binary files are left out. */
  binary?: boolean
  /** Files or folders; none for everything. */
  paths?: string[]
}

function flags(options: DiffOptions): string[] {
  return [
    'diff',
    '--no-color',
    '--no-ext-diff',
    options.renames === false ? '--no-renames' : '--find-renames',
    ...(options.ignoreWhitespace === true ? ['--ignore-all-space'] : []),
  ]
}

function pathspecs(options: DiffOptions, excluded: string[] = []): string[] {
  const wanted = (options.paths ?? []).map((path) => pathspec(path))
  return ['--', ...wanted, ...excluded.map((path) => pathspec(path, 'exclude,literal'))]
}

/** The diff as git writes it, in whatever encoding the files have. */
export async function readRawDiff(directory: string, { from, to }: Comparison, options: DiffOptions = {}) {
  const excluded = options.binary === false ? await listBinary(directory, { from, to }) : []
  const context = options.context === undefined ? [] : [`--unified=${options.context}`]
  return await runGit(directory, [...flags(options), ...context, from, to, ...pathspecs(options, excluded)])
}

export async function readDiff(directory: string, range: Comparison, options: DiffOptions = {}): Promise<string> {
  return (await readRawDiff(directory, range, options)).toString('utf8')
}

/** Paths of the binary files that differ, or of all a commit has when compared with the empty tree. */
export async function listBinary(directory: string, { from, to }: Comparison, paths: string[] = []): Promise<string[]> {
  const args = [...flags({ renames: false }), '-z', '--numstat', from, to, ...pathspecs({ paths })]
  return (await gitText(directory, args))
    .split('\0')
    .map(parseCounts)
    .filter(({ added }) => added === '-')
    .map(({ path }) => path)
}

/** `<added> TAB <removed> TAB <path>`: dashes for a binary file, and the path may hold tabs as well. */
function parseCounts(field: string): { added: string; removed: string; path: string } {
  const [added = '', removed = '', ...path] = field.split('\t')
  return { added, removed, path: path.join('\t') }
}

/** One commit as a mail, against its first parent, merges too. */
export async function readCommitPatch(directory: string, commit: string): Promise<Buffer> {
  const form = ['--format=email', '--stat', '--patch', '--diff-merges=first-parent', '--root']
  return await runGit(directory, ['log', '-1', '--no-color', '--no-ext-diff', ...form, commit, '--'])
}

/** The commits of a range as a series of mails, oldest first. */
export async function readPatchSeries(directory: string, { from, to }: Comparison): Promise<Buffer> {
  return await runGit(directory, ['format-patch', '--stdout', '--no-color', '--no-ext-diff', `${from}..${to}`])
}

const statuses: Record<string, FileChange['status']> = { A: 'added', D: 'removed', R: 'renamed' }

/** Files changed between two trees, with line counts (binary files count 0). */
export async function readDiffstat(
  directory: string,
  { from, to }: Comparison,
  options: DiffOptions = {},
): Promise<FileChange[]> {
  const base = [...flags(options), '-z']
  const [names, numbers] = await Promise.all([
    gitText(directory, [...base, '--name-status', from, to, '--']),
    gitText(directory, [...base, '--numstat', from, to, '--']),
  ])
  const counts = parseNumstat(numbers)
  const wanted = (options.paths ?? []).map(toTreePath)
  const isWanted = (path: string) =>
    wanted.length === 0 || wanted.some((one) => path === one || path.startsWith(`${one}/`))
  return (
    parseNames(names)
      // -w knows the names of files in which only blanks changed, and no counts for them.
      .filter(({ newPath }) => options.ignoreWhitespace !== true || counts.has(newPath))
      .filter(({ oldPath, newPath }) => isWanted(newPath) || isWanted(oldPath))
      .map(({ status, oldPath, newPath }) => {
        const [linesAdded, linesRemoved] = counts.get(newPath) ?? [0, 0]
        return {
          status,
          oldPath: status === 'added' ? null : oldPath,
          newPath: status === 'removed' ? null : newPath,
          linesAdded,
          linesRemoved,
        }
      })
  )
}

interface NamedChange {
  status: FileChange['status']
  oldPath: string
  newPath: string
}

function parseNames(text: string): NamedChange[] {
  const fields = text.split('\0')
  const changes: NamedChange[] = []
  for (let index = 0; index + 1 < fields.length; ) {
    const letter = (fields[index] ?? '').charAt(0)
    const oldPath = fields[index + 1] ?? ''
    const newPath = letter === 'R' ? (fields[index + 2] ?? '') : oldPath
    index += letter === 'R' ? 3 : 2
    changes.push({ status: statuses[letter] ?? 'modified', oldPath, newPath })
  }
  return changes
}

function parseNumstat(text: string): Map<string, [number, number]> {
  const counts = new Map<string, [number, number]>()
  const fields = text.split('\0')
  for (let index = 0; index < fields.length; index += 1) {
    const { added, removed, path } = parseCounts(fields[index] ?? '')
    if (added === '') continue
    const numbers: [number, number] = [Number(added) || 0, Number(removed) || 0]
    if (path !== '') counts.set(path, numbers)
    else {
      // A rename is followed by the old and the new path as fields of their own.
      counts.set(fields[index + 2] ?? '', numbers)
      index += 2
    }
  }
  return counts
}
