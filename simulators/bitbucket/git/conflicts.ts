import { tryGit } from './run-git.ts'

/** In the words of the remote. */
export type ConflictScenario =
  | 'content'
  | 'binary'
  | 'delete_modify'
  | 'modify_delete'
  | 'directory_file'
  | 'delete_rename'
  | 'rename_delete'
  | 'rename'
  | 'mode'
  | 'type'
  | 'subrepo'
  | 'unknown'

export interface FileConflict {
  path: string
  scenario: ConflictScenario
  message: string
}

interface TrialMerge {
  /** With conflict markers in it where the two conflict. */
  tree: string
  conflicts: FileConflict[]
}

type Kind = { scenario: ConflictScenario; message: string }

/** git's names of its conflicts. */
const kinds: Record<string, Kind> = {
  'CONFLICT (contents)': { scenario: 'content', message: 'File modified in both source and destination' },
  'CONFLICT (add/add)': { scenario: 'content', message: 'File added in both source and destination' },
  'CONFLICT (binary)': { scenario: 'binary', message: 'Binary file modified in both source and destination' },
  'CONFLICT (file/directory)': {
    scenario: 'directory_file',
    message: 'A file in one of source and destination is a directory in the other',
  },
  'CONFLICT (rename/rename)': { scenario: 'rename', message: 'File renamed in both source and destination' },
  'CONFLICT (distinct modes)': { scenario: 'mode', message: 'File has different types in source and destination' },
  'CONFLICT (distinct types)': { scenario: 'type', message: 'File has different types in source and destination' },
  'CONFLICT (submodule)': { scenario: 'subrepo', message: 'Submodule modified in both source and destination' },
}

const deletions: Record<string, { source: Kind; destination: Kind }> = {
  'CONFLICT (modify/delete)': {
    source: { scenario: 'delete_modify', message: 'File deleted in source, modified in destination' },
    destination: { scenario: 'modify_delete', message: 'File modified in source, deleted in destination' },
  },
  'CONFLICT (rename/delete)': {
    source: { scenario: 'delete_rename', message: 'File deleted in source, renamed in destination' },
    destination: { scenario: 'rename_delete', message: 'File renamed in source, deleted in destination' },
  },
}

function kindOf(type: string, stages: Set<string>): Kind {
  const deletion = deletions[type]
  // Stage 2 is the destination's side, 3 the source's: who has none has deleted it.
  if (deletion !== undefined) return stages.has('2') ? deletion.source : deletion.destination
  return kinds[type] ?? { scenario: 'unknown', message: 'Source and destination conflict' }
}

/** `<mode> <object> <stage>\t<path>` of every file in conflict. */
function parseStages(fields: string[]): Map<string, Set<string>> {
  const stages = new Map<string, Set<string>>()
  for (const field of fields) {
    // A path may hold tabs as well.
    const tab = field.indexOf('\t')
    const [meta, path] = [field.slice(0, tab), field.slice(tab + 1)]
    const known = stages.get(path) ?? new Set<string>()
    stages.set(path, known.add(meta.split(' ')[2] ?? ''))
  }
  return stages
}

/** `<count> <path>… <type> <message>` of everything git has to say. */
function parseMessages(fields: string[], stages: Map<string, Set<string>>): FileConflict[] {
  const found = new Map<string, FileConflict>()
  for (let index = 0; index + 1 < fields.length; ) {
    const count = Number(fields[index] ?? '0')
    const path = fields[index + 1] ?? ''
    const type = fields[index + 1 + count] ?? ''
    index += count + 3
    const own = stages.get(path)
    if (!type.startsWith('CONFLICT') || own === undefined || found.has(path)) continue
    found.set(path, { path, ...kindOf(type, own) })
  }
  return [...found.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

/** Merges the source into the destination without touching any ref; undefined when they have no common ancestor. */
export async function tryMerge(
  directory: string,
  sides: { source: string; destination: string },
): Promise<TrialMerge | undefined> {
  const result = await tryGit(directory, ['merge-tree', '--write-tree', '-z', sides.destination, sides.source])
  if (result.code > 1) return undefined
  const [tree = '', ...rest] = result.stdout.toString('utf8').split('\0')
  if (result.code === 0) return { tree, conflicts: [] }
  const end = rest.indexOf('')
  return { tree, conflicts: parseMessages(rest.slice(end + 1), parseStages(rest.slice(0, end))) }
}
