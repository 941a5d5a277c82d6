import { expect, test } from 'vitest'
import { parseJson } from './json.ts'

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test('what is no JSON, or is nested without end, means nothing', () => {
  expect(parseJson('null')).toBeNull()
  expect(parseJson(nested(400))).toBeDefined()
  for (const text of ['', '{', '['.repeat(100_000), nested(100_000), `{"a":${nested(2000)}}`])
    expect(parseJson(text)).toBeUndefined()
})
