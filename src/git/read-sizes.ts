import { gitText } from './git-process.ts'
import { exceptIgnored } from './ignored-paths.ts'
import type { MirrorFolder } from './mirror-folder.ts'
import { readTokens } from './read-tokens.ts'

/** What changed on the way from one commit to another; without `from`, since nothing. */
export type Change = { from: string | undefined; to: string }

/** Lines without ignored paths; a binary file counts as a file with no lines. */
export type Size = { added: number; removed: number; files: number }

const isHeader = /^[0-9a-f]{40}$/
const compare = ['diff-tree', '--stdin', '-r', '-z', '--root', '--always', '--no-ext-diff', '--no-textconv']
/** Finding renames compares each new file with each old one; beyond this many they count as new and gone. */
const renames = ['-M', '-l400']

/**
 * Sizes of many changes in one run of git, in the order asked for. In a mirror without large files these are left out
 * of the count: the host would be asked for each of them.
 */
export async function readSizes(
  folder: MirrorFolder,
  { changes, isPartial }: { changes: readonly Change[]; isPartial: boolean },
): Promise<Size[]> {
  if (changes.length === 0) return []
  const absent = isPartial ? await findAbsent(folder, changes) : new Map<number, string[]>()
  const whole = changes.filter((_, at) => !absent.has(at))
  const sizes = await countLines(folder, whole, exceptIgnored())
  const found: Size[] = []
  for (const [at, change] of changes.entries()) {
    const paths = absent.get(at)
    const [size] = paths === undefined ? sizes.splice(0, 1) : await countLines(folder, [change], exceptIgnored(paths))
    found.push(size ?? { added: 0, removed: 0, files: 0 })
  }
  return found
}

async function countLines(folder: MirrorFolder, changes: readonly Change[], paths: readonly string[]): Promise<Size[]> {
  const sizes: Size[] = []
  if (changes.length === 0) return sizes
  const args = [...compare, ...renames, '--numstat', '--', ...paths]
  let size: Size | undefined
  let toSkip = 0
  for await (const token of readTokens({
    gitDir: folder.view,
    objectFolder: folder.objects,
    args,
    lines: toLines(changes),
  })) {
    if (toSkip > 0) {
      toSkip -= 1
      continue
    }
    if (isHeader.test(token)) {
      size = { added: 0, removed: 0, files: 0 }
      sizes.push(size)
      continue
    }
    const [added = '', removed = '', path] = token.split('\t')
    if (size === undefined || path === undefined) continue
    // `-` is git's word for what has no lines.
    size.added += Number(added) || 0
    size.removed += Number(removed) || 0
    size.files += 1
    // A rename: both names follow, each in a field of its own.
    if (path === '' && token.endsWith('\t')) toSkip = 2
  }
  return sizes
}

/** "commit parent": git takes what follows a commit for its parents, whatever they really are. */
function* toLines(changes: readonly Change[]): Generator<string> {
  for (const { from, to } of changes) yield from === undefined ? to : `${to} ${from}`
}

/** Of each change that touches files the mirror does not have: their paths. Reads folders alone, no file. */
export async function findAbsent(folder: MirrorFolder, changes: readonly Change[]): Promise<Map<number, string[]>> {
  const { view: gitDir, objects: objectFolder } = folder
  const args = [...compare, '--raw', '--no-abbrev', '--', ...exceptIgnored()]
  const touched = new Map<string, { at: number; path: string }[]>()
  let at = -1
  let objects: string[] | undefined
  for await (const token of readTokens({ gitDir, objectFolder, args, lines: toLines(changes) })) {
    if (objects !== undefined) {
      for (const object of objects) addTo(touched, object, { at, path: token })
      objects = undefined
    } else if (isHeader.test(token)) at += 1
    else objects = blobsOf(token)
  }
  const lines = touched.keys()
  const said = await gitText({ gitDir, objectFolder, args: ['cat-file', '--batch-check=%(objectname)'], lines })
  const absent = new Map<number, string[]>()
  for (const line of said.split('\n').filter((line) => line.endsWith(' missing')))
    for (const place of touched.get(line.slice(0, 40)) ?? []) addTo(absent, place.at, place.path)
  return absent
}

const noObject = /^0+$/
/** `:100644 100644 OLD NEW M`; a submodule (160000) stands at a commit of another repository. */
function blobsOf(token: string): string[] {
  const [oldMode = '', newMode = '', old = '', now = ''] = token.slice(1).split(' ')
  const sides = [
    [oldMode, old],
    [newMode, now],
  ] as const
  return sides.filter(([mode, object]) => mode !== '160000' && !noObject.test(object)).map(([, object]) => object)
}

function addTo<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
