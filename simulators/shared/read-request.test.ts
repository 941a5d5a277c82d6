import { expect, test } from 'vitest'
import { addressOf, bodyOf, controlBodyOf, paramsOf } from './read-request.ts'

test.each([
  ['/a%2Fb?q=1&q=%2F?&r', '/a%2Fb', 'q=1&q=%2F%3F&r='],
  ['/plain', '/plain', ''],
])('%s is a path and a query', (url, path, query) => {
  const address = addressOf({ url })
  expect([address.path, address.query.toString()]).toEqual([path, query])
})

test.each([
  [undefined, '', {}],
  [Buffer.from('{"a":1}'), '{"a":1}', { a: 1 }],
  [Buffer.from('{'), '{', undefined],
])('the body %j is read as bytes and as JSON', (body, text, json) => {
  expect([bodyOf({ body }).toString(), controlBodyOf({ body })]).toEqual([text, json])
})

test('a path without parameters has none', () => {
  expect([paramsOf({ params: undefined }), paramsOf({ params: { id: '7' } })]).toEqual([{}, { id: '7' }])
})
