import type { Identity } from './identities.ts'

/** A file that went, and the one that came in its place. */
export type Rename = { from: string; to: string }

/** A folder that fewer files tell of is looked at file by file. */
const leastFiles = 3
/** What its files held and hold has to be the same in this share of the findings that went. */
const leastShare = 0.5
/** Folders that are tried, the ones most files tell of first. */
const mostFolders = 200

type Folder = { from: string; to: string }

/**
 * Files of a whole folder that goes by another name now, or of a tree that was checked out elsewhere: `C:/agent/src/a.ts` was
 * `src/a.ts`. `gone` are findings of files that hold none any more, `came` those of files that held none before; `isWhole` says
 * that the two scans have no file in common, so that fewer are enough to tell, where they are most of them.
 */
export function findMovedTrees(gone: readonly Identity[], came: readonly Identity[], isWhole: boolean): Rename[] {
  const [before, now] = [Map.groupBy(gone, pathOf), Map.groupBy(came, pathOf)]
  const renames: Rename[] = []
  const taken = new Set<string>()
  const isEnough = (files: number): boolean => files >= leastFiles || (isWhole && files * 2 > before.size)
  for (const folder of listFolders([...before.keys()], [...now.keys()])) {
    const found = moveAll(folder, before, now).filter(
      ({ from, to }) => !taken.has(`from ${from}`) && !taken.has(`to ${to}`),
    )
    if (!isEnough(found.length) || shareOf(found, before, now) < leastShare) continue
    renames.push(...found)
    for (const { from, to } of found) taken.add(`from ${from}`).add(`to ${to}`)
  }
  return renames
}

/** What stands in front of the longest end that a path shares with exactly one of the others; most often told first. */
function listFolders(before: readonly string[], now: readonly string[]): Folder[] {
  const ends = new Map<string, string | null>()
  for (const path of now) for (const end of endsOf(path)) ends.set(end, ends.has(end) ? null : path)
  const told = new Map<string, Folder & { files: number }>()
  for (const path of before) {
    const end = endsOf(path).find((one) => ends.has(one))
    const other = end === undefined ? undefined : ends.get(end)
    if (end === undefined || other === undefined || other === null) continue
    const [from, to] = [path.slice(0, path.length - end.length), other.slice(0, other.length - end.length)]
    const folder = told.get(`${from}\n${to}`) ?? { from, to, files: 0 }
    folder.files += 1
    told.set(`${from}\n${to}`, folder)
  }
  return [...told.values()].toSorted((a, b) => b.files - a.files || (a.from < b.from ? -1 : 1)).slice(0, mostFolders)
}

function moveAll(
  { from, to }: Folder,
  before: ReadonlyMap<string, unknown>,
  now: ReadonlyMap<string, unknown>,
): Rename[] {
  return [...before.keys()].flatMap((path) => {
    const other = `${to}${path.slice(from.length)}`
    return path.startsWith(from) && now.has(other) ? [{ from: path, to: other }] : []
  })
}

type ByPath = ReadonlyMap<string, readonly Identity[]>

function shareOf(renames: readonly Rename[], before: ByPath, now: ByPath): number {
  let [all, shared] = [0, 0]
  for (const { from, to } of renames) {
    const counts = new Map<string | null, number>()
    for (const { movedKey } of now.get(to) ?? []) counts.set(movedKey, (counts.get(movedKey) ?? 0) + 1)
    for (const { movedKey } of before.get(from) ?? []) {
      const left = counts.get(movedKey) ?? 0
      counts.set(movedKey, left - 1)
      all += 1
      if (left > 0) shared += 1
    }
  }
  return all === 0 ? 0 : shared / all
}

/** From the whole path to the file name alone. */
function endsOf(path: string): string[] {
  const steps = path.split('/')
  return steps.map((_, index) => steps.slice(index).join('/'))
}

function pathOf({ path }: Identity): string {
  return path ?? ''
}
