import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')
/** How many ways two-way sync is known to fail; each has one test, or group of tests, that bears its number. */
const count = 50
const named = /^\s*(?:test|it|describe)(?:\.each\(.*\))?\(\s*(['"`])failure (\d+): /gm

test('each of the failures sync has to survive has exactly one group of tests named after it', () => {
  const files = globSync('{src,test,web,simulators,contract}/**/*.test.{ts,tsx}', { cwd: root })
  expect(files.length).toBeGreaterThan(100)
  const found = files.flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(named)].map((match) => Number(match[2])),
  )
  const numbers = Array.from({ length: count }, (_, index) => index + 1)
  expect(found.toSorted((one, other) => one - other)).toEqual(numbers)
})
