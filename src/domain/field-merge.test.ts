import { expect, test } from 'vitest'
import { mergeField } from './field-merge.ts'

test.each([
  ['a', 'a', 'a', 'same'],
  ['a', 'b', 'b', 'same'],
  ['a', 'a', 'b', 'take_remote'],
  ['a', 'b', 'a', 'push_local'],
  ['a', 'b', 'c', 'conflict'],
] as const)('agreed %s, local %s, remote %s: %s', (agreed, local, remote, expected) => {
  expect(mergeField<string>({ agreed, local, remote })).toBe(expected)
})
