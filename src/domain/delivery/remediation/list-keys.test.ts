import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { listKeys } from './list-keys.ts'

describe('keys in a text', () => {
  test.each([
    ['Fixes SHOP-12.', ['SHOP-12']],
    ['feature/shop-12-escape-the-query', ['SHOP-12']],
    ['hotfix-WEIR-7', ['WEIR-7']],
    ['fix_SHOP-12', ['FIX_SHOP-12', 'SHOP-12']],
    ['[WEIR-7](https://weir.example/vulnerabilities/x) and (SHOP-12)', ['WEIR-7', 'SHOP-12']],
    ['https://meadow.example/browse/SHOP-12?focused=1', ['SHOP-12']],
    ['SHOP-12, SHOP-12 and shop-12', ['SHOP-12']],
    ['SHOP-12_again', ['SHOP-12']],
    ['R2D2-4', ['R2D2-4']],
  ])('%s', (text, keys) => {
    expect(listKeys(text)).toEqual(keys)
  })

  test.each([
    'SHOP-123a',
    'éSHOP-12',
    'SHOP-12é',
    'SHOP-0',
    'SHOP-012',
    'SHOP-1.5',
    'SHOP- 12',
    'SHOP–12',
    '12-34',
    '2024-05-06',
    'SHOP-1234567890',
    '',
    '-12',
  ])('no key in %s', (text) => {
    expect(listKeys(text)).toEqual([])
  })

  test('ABC-1 is not in ABC-12', () => {
    expect(listKeys('ABC-12')).not.toContain('ABC-1')
  })

  test('a key between any two words that are no letters or digits is found, and only it', () => {
    const edge = fc.constantFrom('', ' ', '(', ')', '/', '#', ',', '\n', '“', ':', '|', '>', '\u202e')
    const name = fc.stringMatching(/^[A-Z][A-Z0-9]{0,8}$/)
    fc.assert(
      fc.property(edge, name, fc.integer({ min: 1, max: 999_999_999 }), edge, (before, project, number, after) => {
        expect(listKeys(`${before}${project}-${number}${after}`)).toEqual([`${project}-${number}`])
      }),
    )
  })

  test('hostile texts cost no more than others', () => {
    const many = Array.from({ length: 5000 }, (_, index) => `K-${index + 1}`).join(' ')
    expect(listKeys(many)).toHaveLength(200)
    for (const text of [
      'A'.repeat(1_000_000),
      'A_'.repeat(500_000),
      `${'A-'.repeat(500_000)}1`,
      '\u0000SHOP-1\u0000',
    ]) {
      const before = performance.now()
      listKeys(text)
      expect(performance.now() - before).toBeLessThan(1000)
    }
  })
})
