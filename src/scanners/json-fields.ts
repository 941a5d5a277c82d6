/**
 * Reading fields of JSON that others wrote: a field of another type than expected counts as absent, so one odd field never
 * costs a whole report. Plain functions, since a million results pass through them.
 */
export type JsonObject = { readonly [key: string]: unknown }

/** The object, or an empty one. `__proto__` in the JSON is an own key like any other and is never merged into anything. */
export function readObject(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function readList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text, or undefined when it is none or blank. */
export function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

/** A whole number from 0 on that fits into a column; undefined for anything else (-1 is SARIF's "none"). */
export function readWhole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2_147_483_647
    ? value
    : undefined
}

/** A finite number, also when it is written as text ("7.8"). */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || !/^\s*\d{1,6}(\.\d{1,6})?\s*$/.test(value)) return undefined
  return Number(value)
}
