import { expect, test } from 'vitest'
import { readReference } from './read-reference.ts'

const storefront = { workspace: 'meadow-goods', slug: 'storefront-api' }

test.each([
  ['7', { repository: null, number: 7 }],
  ['#7', { repository: null, number: 7 }],
  ['meadow-goods/storefront-api#7', { repository: storefront, number: 7 }],
  ['https://bitbucket.org/meadow-goods/storefront-api/pull-requests/7', { repository: storefront, number: 7 }],
  ['https://bitbucket.org/meadow-goods/storefront-api/pull-requests/7/diff#L3', { repository: storefront, number: 7 }],
])('reads %s', (text, reference) => {
  expect(readReference(text)).toEqual(reference)
})

test.each([
  '',
  'seven',
  '7 8',
  '1234567890',
  'meadow-goods/storefront-api',
  'javascript:alert(1)//a/b/pull-requests/7',
  'https://bitbucket.org/meadow-goods/../pull-requests/7x',
  `${'a'.repeat(100_000)}#7`,
])('refuses %s', (text) => {
  expect(readReference(text)).toBeUndefined()
})
