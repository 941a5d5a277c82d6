import { gitText } from './run-git.ts'

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

export async function readDiff(directory: string, { from, to }: Comparison, paths: string[] = []): Promise<string> {
  return await gitText(directory, ['diff', '--no-color', '--no-ext-diff', '-M', from, to, '--', ...paths])
}

export async function readPatch(directory: string, { from, to }: Comparison): Promise<string> {
  return await gitText(directory, ['format-patch', '--stdout', '--no-color', `${from}..${to}`])
}

const statuses: Record<string, FileChange['status']> = { A: 'added', D: 'removed', R: 'renamed' }

/** Files changed between two trees, with line counts (binary files count 0). */
export async function readDiffstat(directory: string, { from, to }: Comparison): Promise<FileChange[]> {
  const base = ['diff', '--no-color', '--no-ext-diff', '-M', '-z']
  const [names, numbers] = await Promise.all([
    gitText(directory, [...base, '--name-status', from, to, '--']),
    gitText(directory, [...base, '--numstat', from, to, '--']),
  ])
  const counts = parseNumstat(numbers)
  const fields = names.split('\0')
  const changes: FileChange[] = []
  for (let index = 0; index + 1 < fields.length; ) {
    const letter = (fields[index] ?? '').charAt(0)
    const status = statuses[letter] ?? 'modified'
    const first = fields[index + 1] ?? ''
    const second = letter === 'R' ? (fields[index + 2] ?? '') : first
    index += letter === 'R' ? 3 : 2
    const [linesAdded, linesRemoved] = counts.get(second) ?? [0, 0]
    changes.push({
      status,
      oldPath: status === 'added' ? null : first,
      newPath: status === 'removed' ? null : second,
      linesAdded,
      linesRemoved,
    })
  }
  return changes
}

function parseNumstat(text: string): Map<string, [number, number]> {
  const counts = new Map<string, [number, number]>()
  const fields = text.split('\0')
  for (let index = 0; index < fields.length; index += 1) {
    const [added = '', removed = '', path = ''] = (fields[index] ?? '').split('\t')
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
