import { expect, test } from 'vitest'
import { findingKeys } from '../finding-identity.ts'
import { matchFindings } from './match-findings.ts'

const nothing = {
  aliases: [],
  fingerprint: null,
  snippet: null,
  package: null,
  endpoint: null,
  resource: null,
  secret: null,
}
const fields = {
  ...nothing,
  kind: 'code' as const,
  scanner: 'Lantern',
  ruleId: 'assert',
  path: 'tests/tide.py',
  message: '',
}
const keys = findingKeys({ ...fields, isSecret: false }, '')
const at = (line: number) => ({
  ...keys,
  kind: 'code' as const,
  scanner: 'Lantern',
  ruleId: 'assert',
  path: fields.path,
  line,
  bodyHash: '',
})

test('hundreds of findings that nothing but their lines tells apart follow what was inserted between them', () => {
  // Gaps of 1 to 7 lines without a period.
  let [state, line] = [7, 0]
  const before = Array.from({ length: 300 }, () => {
    state = (state * 16_807) % 2_147_483_647
    line += 1 + (state % 7)
    return line
  })
  const moved = (line: number): number => line + (line > 900 ? 60 : line > 500 ? 14 : line > 100 ? 3 : 1)
  // Ten new ones, in the code that was inserted behind line 500.
  const now = [...before.map(moved), ...Array.from({ length: 10 }, (_, index) => 504 + index)]
  const existing = before.map((line, index) => ({
    ...at(line),
    id: String(index),
    contentIndex: index,
    active: true,
    status: 'identified' as const,
  }))
  const report = now.map((line, position) => ({ ...at(line), position, column: 1, isSuppressed: false }))
  const { items } = matchFindings({ existing, report, closingScanners: [] })
  const right = items.filter(({ position, findingId }) => findingId === (position < 300 ? String(position) : null))
  expect(right.length).toBeGreaterThanOrEqual(300)
})
