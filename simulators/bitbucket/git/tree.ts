import { isTreePath } from './pathspec.ts'
import { gitText, runGit, tryGit } from './run-git.ts'

/** A file may be called `:(top)x`. */
const literally = { environment: { GIT_LITERAL_PATHSPECS: '1' } }

export interface TreeEntry {
  path: string
  kind: 'file' | 'directory' | 'submodule'
  size: number
  executable: boolean
  /** A symbolic link; its content is where it leads. */
  link: boolean
  hash: string
}

function parseEntries(text: string): TreeEntry[] {
  return text
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      // A path may hold tabs as well.
      const tab = line.indexOf('\t')
      const [meta, path] = [line.slice(0, tab), line.slice(tab + 1)]
      const [mode = '', type = '', hash = '', size = ''] = meta.split(/\s+/)
      return {
        path,
        kind: type === 'tree' ? 'directory' : type === 'commit' ? 'submodule' : 'file',
        size: Number(size) || 0,
        executable: mode === '100755',
        link: mode === '120000',
        hash,
      }
    })
}

/** What a path is at a commit; undefined when it does not exist. `''` is the root folder. */
export async function findEntry(directory: string, commit: string, path: string): Promise<TreeEntry | undefined> {
  if (path === '') return { path: '', kind: 'directory', size: 0, executable: false, link: false, hash: commit }
  if (!isTreePath(path)) return undefined
  const result = await tryGit(directory, ['ls-tree', '-l', '-z', commit, '--', path], literally)
  if (result.code !== 0) return undefined
  return parseEntries(result.stdout.toString('utf8'))[0]
}

/** The entries of a folder as git sorts them; with `depth` levels of it, those of one level before the next. */
export async function listFolder(
  directory: string,
  at: { commit: string; path: string; depth: number },
): Promise<TreeEntry[]> {
  const prefix = at.path === '' ? '' : `${at.path}/`
  const args = ['ls-tree', '-l', '-z', ...(at.depth > 1 ? ['-r', '-t'] : []), at.commit]
  const text = await gitText(directory, [...args, ...(prefix === '' ? [] : ['--', prefix])], literally)
  const level = (entry: TreeEntry) => entry.path.slice(prefix.length).split('/').length
  return parseEntries(text)
    .filter((entry) => level(entry) <= at.depth)
    .toSorted((one, other) => level(one) - level(other))
}

export async function readFile(directory: string, commit: string, path: string): Promise<Buffer> {
  return await runGit(directory, ['cat-file', 'blob', `${commit}:${path}`])
}
