import type { Principal } from '../auth/authenticate.ts'
import { atLeast, permissionOf } from '../auth/permission.ts'
import { resolveCommit } from '../git/refs.ts'
import { type FoundLine, listPaths, searchCommit } from '../git/search.ts'
import type { Repository, Workspace } from '../model.ts'
import { SimulatorError } from '../simulator-error.ts'
import type { Sim } from '../state.ts'

export interface FoundFile {
  repository: Repository
  hash: string
  path: string
  lines: FoundLine[]
}

export interface SearchQuery {
  /** Lower case; all of them have to be in the file or its path. */
  words: string[]
  repository: string | undefined
  project: string | undefined
  path: string | undefined
  extension: string | undefined
}

function invalid(key: string, message: string): SimulatorError {
  return new SimulatorError(400, message, { data: { key } })
}

/** `foo "two words" repo:demo project:ABC path:src ext:js`; case is no matter. */
export function parseSearchQuery(text: string): SearchQuery {
  const query: SearchQuery = {
    words: [],
    repository: undefined,
    project: undefined,
    path: undefined,
    extension: undefined,
  }
  for (const match of text.matchAll(/(?:(repo|project|path|ext|lang):)?(?:"([^"]*)"|(\S+))/gi)) {
    const [, name = '', quoted, bare = ''] = match
    const value = (quoted ?? bare).toLowerCase()
    switch (name.toLowerCase()) {
      case 'repo':
        query.repository = value
        break
      case 'project':
        query.project = value
        break
      case 'path':
        query.path = value
        break
      case 'ext':
      case 'lang':
        query.extension = value
        break
      default:
        if (value !== '') query.words.push(value)
    }
  }
  if (query.words.length === 0) throw invalid('search.query.empty', 'The search query is empty.')
  return query
}

/** Anywhere in the path; with a slash in front, from the root on. */
function isBelow(path: string, wanted: string): boolean {
  return wanted.startsWith('/') ? `/${path}`.startsWith(wanted) : path.includes(wanted)
}

async function searchRepository(repository: Repository, query: SearchQuery): Promise<FoundFile[]> {
  const { directory, mainBranch } = repository
  const hash = mainBranch === null ? undefined : await resolveCommit(directory, mainBranch)
  if (hash === undefined) return []
  const found = await searchCommit(directory, { commit: hash, words: query.words })
  const paths = new Set(found.keys())
  for (const path of await listPaths(directory, hash))
    if (query.words.every((word) => path.toLowerCase().includes(word))) paths.add(path)
  const { path: inPath, extension } = query
  return [...paths]
    .filter((path) => inPath === undefined || isBelow(path.toLowerCase(), inPath))
    .filter((path) => extension === undefined || path.toLowerCase().endsWith(`.${extension}`))
    .toSorted()
    .map((path) => ({ repository, hash, path, lines: found.get(path) ?? [] }))
}

/** Searches the main branches of what the caller may read. */
export async function searchCode(
  sim: Sim,
  principal: Principal,
  input: { workspace: Workspace; query: SearchQuery },
): Promise<FoundFile[]> {
  const { workspace, query } = input
  const repositories = sim.repositories.filter(
    (one) =>
      one.workspace === workspace &&
      atLeast(permissionOf(one, principal), 'read') &&
      (query.repository === undefined || one.slug === query.repository) &&
      (query.project === undefined || one.project.key.toLowerCase() === query.project),
  )
  const found: FoundFile[] = []
  // One after the other: a workspace can have hundreds, and each is a process of git.
  for (const repository of repositories) found.push(...(await searchRepository(repository, query)))
  return found
}
