import { expect, test } from 'vitest'
import { vulnerabilityIn } from './pasted-address.ts'

const id = '01a20040-1897-7000-8051-e431301ba69f'

test.each([
  [`https://weir.example/vulnerabilities/${id}`, id],
  [` /vulnerabilities/${id.toUpperCase()}?tab=champions `, id],
  [`/vulnerabilities/${id}0`, undefined],
  [id, undefined],
  ['src/vulnerabilities/list.ts', undefined],
])('%s leads to %s', (text, expected) => {
  expect(vulnerabilityIn(text)).toBe(expected)
})
