import { expect, test } from 'vitest'
import { parseErrorBody } from './error-body.ts'

const parse = (body: unknown) => parseErrorBody({ headers: {}, text: () => JSON.stringify(body) })

test("a remote's words are one short line without control characters, wherever they stand", () => {
  const wild = `a\0b\n\u001b[31mc\ud800${'x'.repeat(1000)}`
  const body = parse({
    error: { message: wild, detail: wild, fields: { [wild]: [wild] }, data: { announcement_url: wild } },
  })
  const texts = [body.message, body.detail, body.announcement, ...Object.entries(body.fields).flat(2)]
  expect(texts).toHaveLength(5)
  for (const text of texts) {
    expect(text).toMatch(/^a b \[31mc\ufffdx+…$/)
    expect(text?.length).toBeLessThanOrEqual(300)
  }
})

test("a remote's words are never cut through the middle of an emoji", () => {
  for (const length of [297, 298, 299]) {
    const { message } = parse({ error: { message: 'x'.repeat(length) + '😀😀😀' } })
    expect(message).toMatch(/^x+(😀)*…$/u)
  }
})

test('a flood of fields is cut off', () => {
  const fields = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, Array(1000).fill('no')]))
  const body = parse({ error: { message: 'Bad', fields } })
  expect(Object.keys(body.fields)).toHaveLength(10)
  expect(body.fields['f0']).toHaveLength(10)
})
