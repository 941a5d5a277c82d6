import { listRefs, resolveCommit } from '../git/refs.ts'
import type { Repository } from '../model.ts'
import { notFound } from '../simulator-error.ts'

export interface SourceLocation {
  /** As in the address: a branch, a tag or a hash. */
  ref: string
  hash: string
  /** Path below the root; empty for the root. */
  path: string
}

/** Splits `{ref}/{path}`. Branch names may hold slashes: the longest ref that fits wins, else the first part is a commit. */
export async function locate(repository: Repository, wanted: string): Promise<SourceLocation> {
  const text = wanted.replace(/\/+$/, '')
  const refs = await listRefs(repository.directory)
  const fitting = refs
    .filter((ref) => text === ref.name || text.startsWith(`${ref.name}/`))
    .toSorted((one, other) => other.name.length - one.name.length)[0]
  if (fitting !== undefined) return { ref: fitting.name, hash: fitting.hash, path: text.slice(fitting.name.length + 1) }
  const [first = '', ...rest] = text.split('/')
  const hash = /^[0-9a-f]{4,40}$/i.test(first) ? await resolveCommit(repository.directory, first) : undefined
  if (hash === undefined) throw notFound(`Commit not found: ${first}`)
  return { ref: first, hash, path: rest.join('/') }
}
