import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'

/** The whole of an object that is embedded in condensed form; undefined when it is whole already, or not known. */
export type Expand = (condensed: JsonObject) => JsonObject | undefined

interface Picking {
  path: string[]
  expand: Expand | undefined
}

/** Keeps what the path names, with the objects on the way to it. `*` stands for any key; lists are walked through. */
function pick(value: Json, { path, expand }: Picking): Json | undefined {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (Array.isArray(value)) return value.map((member) => pick(member, { path, expand }) ?? {})
  if (!isJsonObject(value)) return undefined
  const found: JsonObject = {}
  const isMissing = head !== '*' && !Object.hasOwn(value, head)
  for (const [key, member] of Object.entries(isMissing ? (expand?.(value) ?? {}) : value)) {
    if (head !== '*' && head !== key) continue
    const picked = pick(member, { path: rest, expand })
    if (picked !== undefined) found[key] = picked
  }
  return Object.keys(found).length === 0 ? undefined : found
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

function drop(value: Json, path: string[]): Json {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (Array.isArray(value)) return value.map((member) => drop(member, path))
  if (!isJsonObject(value)) return value
  const kept: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    const hit = head === '*' || head === key
    if (hit && rest.length === 0) continue
    kept[key] = hit ? drop(member, rest) : member
  }
  return kept
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
  const usual = hidden.reduce<Json>((value, path) => drop(value, path.split('.')), full)
  const parts = (fields ?? '')
    .split(',')
    // A + that was not encoded arrives as a blank, which matches nothing.
    .filter((part) => part !== '')
  if (parts.length === 0) return usual
  const only = parts.filter((part) => !/^[+-]/.test(part))
  let result: Json = usual
  if (only.length > 0) {
    result =
      only
        .map((path) => pick(full, { path: path.split('.'), expand }))
        .reduce<Json | undefined>((sum, one) => (one === undefined ? sum : merge(sum, one)), undefined) ?? {}
  }
  for (const part of parts) {
    const path = part.slice(1).split('.')
    if (part.startsWith('-')) result = drop(result, path)
    if (part.startsWith('+')) result = merge(result, pick(full, { path, expand }))
  }
  return result
}
