import { isAppError } from '../lib/app-error.ts'
import { exceptIgnored } from './ignored-paths.ts'
import type { MirrorFolder } from './mirror-folder.ts'
import { listFileChanges } from './read-hunks.ts'
import { type Change, findAbsent } from './read-sizes.ts'
import { readLines } from './read-tokens.ts'

/**
 * `newLines`: added lines that take the place of none. `origins`: by the commit that wrote them, how many of the lines that
 * were there before were changed or taken away.
 */
export type Origins =
  | { kind: 'read'; newLines: number; origins: ReadonlyMap<string, number> }
  | { kind: 'left_out'; reason: 'too_many_lines' | 'too_slow_to_blame' | 'files_missing' }

export type OriginLimits = { lines: number; files: number; blameMs: number }

/** A change of more is one of tools, and blaming it would hold up all others. */
export const originLimits: OriginLimits = { lines: 10_000, files: 300, blameMs: 20_000 }

type Asked = { change: Change; isPartial: boolean; signal?: AbortSignal | undefined; limits?: OriginLimits }

/**
 * Who wrote the lines that a change replaced, by blame of the files as they were before it: at least one run of git for
 * each file with lines that go. Ignored files and those the host left out for their size count no lines, as in sizes.
 * Asks no host. Throws as `requireGood` does where the caller stops it.
 */
export async function readOrigins(folder: MirrorFolder, asked: Asked): Promise<Origins> {
  const { limits = originLimits, signal } = asked
  try {
    return await readAll(folder, { ...asked, limits })
  } catch (error) {
    const git = isAppError(error) ? error.meta?.['git'] : undefined
    if (signal?.aborted === true || git === undefined || git === 'missing') throw error
    // A former version of a file may be one the host left out.
    return { kind: 'left_out', reason: git === 'stopped' ? 'too_slow_to_blame' : 'files_missing' }
  }
}

async function readAll(folder: MirrorFolder, asked: Asked & { limits: OriginLimits }): Promise<Origins> {
  const { change, isPartial, limits } = asked
  const absent = isPartial ? ((await findAbsent(folder, [change])).get(0) ?? []) : []
  const files = await listFileChanges(folder, { change, paths: exceptIgnored(absent), limits })
  if (files === undefined) return { kind: 'left_out', reason: 'too_many_lines' }
  const origins = new Map<string, number>()
  let newLines = 0
  for (const { oldPath, hunks } of files) {
    for (const { removed, added } of hunks) newLines += Math.max(0, added - removed)
    const gone = hunks.filter(({ removed }) => removed > 0)
    if (change.from === undefined || gone.length === 0) continue
    const ranges = gone.map(({ start, removed }) => `-L${start},+${removed}`)
    for await (const sha of blame(folder, { ...asked, from: change.from, oldPath, ranges }))
      origins.set(sha, (origins.get(sha) ?? 0) + 1)
  }
  return { kind: 'read', newLines, origins }
}

/** `SHA line-then line-now [lines of the group]`, once for each line; its text follows after a tab. */
const isLine = /^([0-9a-f]{40}) \d+ \d+(?: \d+)?$/

type Blamed = {
  from: string
  oldPath: string
  ranges: readonly string[]
  limits: OriginLimits
  signal?: AbortSignal | undefined
}

async function* blame({ view, objects }: MirrorFolder, { from, oldPath, ranges, limits, signal }: Blamed) {
  const args = ['blame', '--porcelain', '--no-textconv', ...ranges, from, '--', oldPath]
  const call = { gitDir: view, objectFolder: objects, args, timeoutMs: limits.blameMs, signal }
  for await (const line of readLines(call)) {
    const sha = isLine.exec(line)?.[1]
    if (sha !== undefined) yield sha
  }
}
