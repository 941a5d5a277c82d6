import { readText } from './json-fields.ts'

/** A secret in clear; null where the report hides it, in whole or in part: what is left of it tells no two apart. */
export function readSecret(value: unknown): string | null {
  const text = readText(value)?.trim()
  if (text === undefined || /redacted|\*{3}|•{3}|x{8}/i.test(text) || /(\.\.\.|…)$/.test(text)) return null
  return text
}
