export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type JsonObject = { [key: string]: Json }

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of keys, or undefined as soon as a step is missing. */
export function at(value: unknown, ...path: string[]): unknown {
  let here = value
  for (const key of path) {
    if (!isObject(here)) return undefined
    here = here[key]
  }
  return here
}

export function stringAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export function numberAt(value: unknown, ...path: string[]): number | undefined {
  const found = at(value, ...path)
  return typeof found === 'number' ? found : undefined
}

export function booleanAt(value: unknown, ...path: string[]): boolean | undefined {
  const found = at(value, ...path)
  return typeof found === 'boolean' ? found : undefined
}

/** What a table of ours has for a caller's word: `constructor` and `__proto__` name nothing in it. */
export function ownValue<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined
}

export function hasKey(value: unknown, key: string): boolean {
  return isObject(value) && Object.hasOwn(value, key)
}

/** A deep copy of anything that came out of JSON.parse, typed. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  if (Array.isArray(value)) return value.map(toJson)
  if (!isObject(value)) return null
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toJson(member)]))
}

/** Deeper than anybody means it. What walks through a value calls itself, and a stack ends. */
const deepestJson = 500

function isTooDeep(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepestJson) return true
    level = level.flatMap((one): unknown[] => (typeof one === 'object' && one !== null ? Object.values(one) : []))
  }
  return false
}

/** One by one, so that the second backslash of two begins nothing; both halves of a character are one. */
const escapes = /\\(?:u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[dD][89a-fA-F][\da-fA-F]{2}|[^])/g

/** JSON can spell half a character, which encoded is an error wherever it is met later. */
function withWholeCharacters(text: string): string {
  if (!/\\u[dD]/.test(text)) return text
  return text.replace(escapes, (one) => (/^\\u[dD][89a-fA-F]..$/.test(one) ? String.raw`\ufffd` : one))
}

/** What a text of JSON means, or undefined when it is none or nested without end. */
export function parseJson(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(withWholeCharacters(text))
    return isTooDeep(parsed) ? undefined : parsed
  } catch {
    return undefined
  }
}
