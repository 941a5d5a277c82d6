import { readNumber } from './json-fields.ts'

/** The number of a line or column that counts from 1, also when it is written as text; null for "somewhere" (0, -1, absent). */
export function readLine(value: unknown): number | null {
  const number = readNumber(value)
  return number !== undefined && Number.isInteger(number) && number >= 1 && number <= 2_147_483_647 ? number : null
}
