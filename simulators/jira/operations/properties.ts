import { at, type Json, stringAt, toJson } from '../../shared/json.ts'
import { badRequest, refusal } from '../jira-error.ts'

const longestKey = 255
const largestValue = 32_768

function assertGood(key: string, value: Json): void {
  if (key === '' || key.length > longestKey)
    throw badRequest(`The property key must be between 1 and ${longestKey} characters.`)
  if (JSON.stringify(value).length > largestValue)
    throw badRequest(`The property value is too long. It must be at most ${largestValue} characters.`)
}

/** `properties` sent along with an issue or a comment: `[{key, value}]`. */
export function readProperties(list: unknown): Map<string, Json> {
  const found = new Map<string, Json>()
  if (list === undefined) return found
  if (!Array.isArray(list)) throw badRequest('Properties must be an array.')
  for (const one of list) {
    const [key, value] = [stringAt(one, 'key') ?? '', toJson(at(one, 'value') ?? null)]
    assertGood(key, value)
    found.set(key, value)
  }
  return found
}

/** Answers whether it was new. */
export function setProperty(properties: Map<string, Json>, key: string, value: unknown): boolean {
  if (value === undefined) throw badRequest('The property value must be valid JSON and not empty.')
  const stored = toJson(value)
  assertGood(key, stored)
  const isNew = !properties.has(key)
  properties.set(key, stored)
  return isNew
}

export function getProperty(properties: Map<string, Json>, key: string): Json {
  const value = properties.get(key)
  if (value === undefined) throw refusal(404, `The property with key '${key}' was not found.`)
  return value
}

export function deleteProperty(properties: Map<string, Json>, key: string): void {
  if (!properties.delete(key)) throw refusal(404, `The property with key '${key}' was not found.`)
}
