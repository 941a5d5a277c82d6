import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureUnpacked } from './unpack-on-demand.ts'

const hash = /^[0-9a-f]{40}$/

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '')
}

/**
 * The commit a branch stands at, read from git's own files: the question asked most often, and not worth a process.
 * undefined where git itself has to say: no such branch, or a tag that may be meant and comes first.
 */
export async function readBranch(
  directory: string,
  name: string,
  { orTag }: { orTag: boolean } = { orTag: true },
): Promise<string | undefined> {
  await ensureUnpacked(directory)
  const [tag, loose, packed] = await Promise.all([
    readText(join(directory, 'refs', 'tags', name)),
    readText(join(directory, 'refs', 'heads', name)),
    readText(join(directory, 'packed-refs')),
  ])
  if (orTag && (tag !== '' || packed.includes(` refs/tags/${name}\n`))) return undefined
  if (hash.test(loose.trim())) return loose.trim()
  const end = packed.indexOf(` refs/heads/${name}\n`)
  const found = end === -1 ? '' : packed.slice(Math.max(0, end - 40), end)
  return hash.test(found) ? found : undefined
}
