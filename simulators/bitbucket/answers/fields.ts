import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'
import { badRequest } from '../simulator-error.ts'

/** The whole of an object that is embedded in condensed form; undefined when it is whole already, or not known. */
export type Expand = (condensed: JsonObject) => JsonObject | undefined

/** What paths name, as a tree: all of them are followed at once. */
interface Tree {
  /** A path ends here: everything below is named. */
  isWhole: boolean
  below: Map<string, Tree>
}

function treeOf(paths: readonly string[]): Tree {
  const root: Tree = { isWhole: false, below: new Map() }
  for (const path of paths) {
    let here = root
    for (const key of path.split('.')) {
      const next: Tree = here.below.get(key) ?? { isWhole: false, below: new Map() }
      here.below.set(key, next)
      here = next
    }
    here.isWhole = true
  }
  return root
}

/** Where a key leads, by its name and by `*`. */
function follow(trees: readonly Tree[], key: string): Tree[] {
  return trees.flatMap(({ below }) => [below.get(key) ?? [], below.get('*') ?? []].flat())
}

function pickBelow(value: JsonObject, trees: readonly Tree[], expand: Expand | undefined): JsonObject | undefined {
  const found: [string, Json][] = []
  const take = (from: JsonObject, keys: string[]) => {
    for (const key of keys) {
      const picked = pick(from[key] ?? null, follow(trees, key), expand)
      if (picked !== undefined) found.push([key, picked])
    }
  }
  take(value, Object.keys(value))
  const missing = trees
    .flatMap(({ below }) => [...below.keys()])
    .filter((key) => key !== '*' && !Object.hasOwn(value, key))
  const whole = missing.length === 0 ? undefined : expand?.(value)
  if (whole !== undefined) {
    const wanted = new Set(missing)
    take(
      whole,
      Object.keys(whole).filter((key) => wanted.has(key)),
    )
  }
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

/** Keeps what the paths name, with the objects on the way to it. `*` stands for any key; lists are walked through. */
function pick(value: Json, trees: readonly Tree[], expand: Expand | undefined): Json | undefined {
  const isWhole = trees.some((tree) => tree.isWhole)
  const deeper = trees.filter(({ below }) => below.size > 0)
  if (deeper.length === 0) return isWhole ? value : undefined
  if (Array.isArray(value)) return value.map((member) => pick(member, trees, expand) ?? {})
  const picked = isJsonObject(value) ? pickBelow(value, deeper, expand) : undefined
  return isWhole ? merge(value, picked) : picked
}

function merge(one: Json | undefined, other: Json | undefined): Json {
  if (one === undefined) return other ?? {}
  if (other === undefined) return one
  if (Array.isArray(one) && Array.isArray(other)) return one.map((member, index) => merge(member, other[index]))
  if (!isJsonObject(one) || !isJsonObject(other)) return other
  const both: JsonObject = { ...one }
  for (const [key, value] of Object.entries(other)) both[key] = merge(both[key], value)
  return both
}

function drop(value: Json, trees: readonly Tree[]): Json {
  if (trees.length === 0) return value
  if (Array.isArray(value)) return value.map((member) => drop(member, trees))
  if (!isJsonObject(value)) return value
  const kept: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    const hit = follow(trees, key)
    if (!hit.some((tree) => tree.isWhole)) kept[key] = drop(member, hit)
  }
  return kept
}

/** How often a list of fields may go from adding to dropping and back: each time all of the answer is gone through. */
const mostTurns = 50

interface Change {
  sign: string
  paths: string[]
}

/** The parts that add and drop, in their order, those of one kind that follow each other together. */
function changesOf(parts: readonly string[]): Change[] {
  const changes: Change[] = []
  for (const part of parts) {
    const [sign, path] = [part.charAt(0), part.slice(1)]
    const last = changes.at(-1)
    if (last?.sign === sign) last.paths.push(path)
    else changes.push({ sign, paths: [path] })
  }
  if (changes.length > mostTurns) throw badRequest('Invalid fields')
  return changes
}

/**
 * The `fields` parameter over an answer. `hidden` are paths that are there only when asked for with `+` (or named):
 * `a.b` keeps only that, `-a` drops, `+a` adds, of embedded objects also what their condensed form leaves out.
 */
export function selectFields(
  full: Json,
  fields: string | null,
  how: { hidden?: string[]; expand?: Expand } = {},
): Json {
  const { hidden = [], expand } = how
  const usual = hidden.length === 0 ? full : drop(full, [treeOf(hidden)])
  const parts = (fields ?? '')
    .split(',')
    // A + that was not encoded arrives as a blank, which matches nothing.
    .filter((part) => part !== '')
  if (parts.length === 0) return usual
  const only = parts.filter((part) => !/^[+-]/.test(part))
  let result: Json = only.length === 0 ? usual : (pick(full, [treeOf(only)], expand) ?? {})
  for (const { sign, paths } of changesOf(parts.filter((part) => /^[+-]/.test(part)))) {
    const trees = [treeOf(paths)]
    result = sign === '-' ? drop(result, trees) : merge(result, pick(full, trees, expand))
  }
  return result
}
