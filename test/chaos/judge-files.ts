import type { Difference, SharedFile } from './oracle.ts'

/** The signs of its id that Weir puts into the name of a file it sends. */
const signs = /-[0-9a-f]{8}(?=\.txt$)/

/** Compares names of files: those in Weir (`here`), and in the item (`there`; null where items have none). */
export function judgeFiles(
  files: readonly SharedFile[],
  seen: { here: readonly string[]; there: readonly string[] | null },
): Difference[] {
  const there = seen.there?.map((name) => name.replace(signs, ''))
  const known = new Set(files.map(({ name }) => name))
  const unheardOf = [...seen.here, ...(there ?? [])]
    .filter((name) => !known.has(name))
    .map((name): Difference => ({ kind: 'diverged', what: `${name} is there, and nobody attached it` }))
  const judged = files.flatMap((file) => {
    const countHere = seen.here.filter((name) => name === file.name).length
    const countThere = there?.filter((name) => name === file.name).length ?? countHere
    const kind = judgeFile(file, { here: countHere, there: countThere })
    return kind === undefined
      ? []
      : [{ kind, what: `${file.name} is ${countHere} times in Weir, ${countThere} times in its item` }]
  })
  return [...judged, ...unheardOf]
}

function judgeFile(
  { goesWith, isAdrift = false }: SharedFile,
  { here, there }: { here: number; there: number },
): Difference['kind'] | undefined {
  if (here > 1 || there > 1) return 'duplicate'
  const wanted = goesWith?.isThere ?? 'yes'
  if (isAdrift) return goesWith !== undefined && wanted === 'yes' && here === 0 ? 'lost' : undefined
  if (wanted === 'yes') return here + there === 2 ? undefined : 'lost'
  if (wanted === 'no') return here + there === 0 ? undefined : 'diverged'
  return here === there ? undefined : 'diverged'
}
