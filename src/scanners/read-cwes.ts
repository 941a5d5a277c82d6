import { isObject, readList } from './json-fields.ts'

/** The numbers of weaknesses in whatever a scanner writes: 79, "79", "CWE-79: …", a list of those, or objects with an `id`. */
export function readCwes(value: unknown): number[] {
  if (Array.isArray(value)) return readList(value).flatMap(readCwes)
  if (isObject(value)) return readCwes(value['id'])
  if (typeof value === 'number') return isCwe(value) ? [value] : []
  if (typeof value !== 'string') return []
  const bare = /^\s*(\d{1,5})\s*$/.exec(value)?.[1]
  const named = Array.from(value.slice(0, 2000).matchAll(/\bCWE[-_ :]?(\d{1,5})\b/gi), ([, number]) => number)
  return [bare, ...named].map(Number).filter(isCwe)
}

function isCwe(number: number): boolean {
  return Number.isInteger(number) && number > 0 && number < 100_000
}
