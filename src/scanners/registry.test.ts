import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { scanners } from './registry.ts'

test('every format has a name of its own and stands in the documentation', () => {
  const text = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8')
  const told = new Set(
    Array.from(text.matchAll(/^\|[^|]+\|([^|]+)\|/gm), ([, names = '']) => names)
      .join(' ')
      .match(/[a-z-]{3,}/g),
  )
  told.delete('---')
  told.delete('--format')
  const names = scanners.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect([...told].toSorted()).toEqual(names.toSorted())
})
