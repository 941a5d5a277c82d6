import { expect, test } from 'vitest'
import { parseJson } from './json.ts'

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)

test('what is no JSON, or is nested without end, means nothing', () => {
  expect(parseJson('null')).toBeNull()
  expect(parseJson(nested(400))).toBeDefined()
  for (const text of ['', '{', '['.repeat(100_000), nested(100_000), `{"a":${nested(2000)}}`])
    expect(parseJson(text)).toBeUndefined()
})

test('half a character, which no address and no file can say, is read as the sign for that', () => {
  const text = String.raw`{"\ud800a":"\uDC00 \ud83d\ude00 \\ud800 \n","b":["\ud800\ud800"]}`
  expect(parseJson(text)).toEqual({ '\ufffda': '\ufffd \u{1f600} \\ud800 \n', b: ['\ufffd\ufffd'] })
})
