import type { MirrorFolder } from './mirror-folder.ts'
import { readLines } from './read-tokens.ts'

/** What each branch stands at, by its name. Names can hold no line end. */
export async function readBranches({ mirror }: MirrorFolder): Promise<Map<string, string>> {
  const branches = new Map<string, string>()
  const args = ['for-each-ref', '--format=%(objectname) %(refname:lstrip=2)', 'refs/heads']
  for await (const line of readLines({ gitDir: mirror, args })) branches.set(line.slice(41), line.slice(0, 40))
  return branches
}
