import { isJsonObject, type Json, type JsonObject } from '../../shared/json.ts'

/** Keeps what the path names, with the objects on the way to it. `*` stands for any key; lists are walked through. */
function pick(value: Json, path: string[]): Json | undefined {
  const [head, ...rest] = path
  if (head === undefined) return value
  if (Array.isArray(value)) return value.map((member) => pick(member, path) ?? {})
  if (!isJsonObject(value)) return undefined
  const found: JsonObject = {}
  for (const [key, member] of Object.entries(value)) {
    if (head !== '*' && head !== key) continue
    const picked = pick(member, rest)
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
 * `a.b` keeps only that, `-a` drops, `+a` adds.
 */
export function selectFields(full: Json, fields: string | null, hidden: string[] = []): Json {
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
        .map((path) => pick(full, path.split('.')))
        .reduce<Json | undefined>((sum, one) => (one === undefined ? sum : merge(sum, one)), undefined) ?? {}
  }
  for (const part of parts) {
    const path = part.slice(1).split('.')
    if (part.startsWith('-')) result = drop(result, path)
    if (part.startsWith('+')) result = merge(result, pick(full, path))
  }
  return result
}
