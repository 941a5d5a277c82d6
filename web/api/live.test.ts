import { expect, test } from 'vitest'
import { parseLiveEvent } from './live.ts'

test.each([
  ['{"kind":"message","vulnerability_id":"1"}', 'message'],
  ['{"kind":"notification"}', 'notification'],
  ['{"kind":"something a newer server says"}', null],
  ['{"kind":"toString"}', null],
  ['not json', null],
  ['null', null],
  [undefined, null],
])('the event %s is read as %s', (data, kind) => {
  expect(parseLiveEvent(data)).toBe(kind)
})
