import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Candidate, Chains } from './chains.ts'
import type { ExistingFinding, ReportIdentity } from './identities.ts'

const nothing = {
  toolKey: null,
  contentKey: '',
  placeKey: null,
  movedKey: null,
  sketch: null,
  packageKey: null,
  names: [],
}
const finding = { ...nothing, kind: 'code' as const, scanner: '', ruleId: '', path: '', line: 1, bodyHash: '' }
const known: ExistingFinding = { ...finding, id: '', contentIndex: 0, active: true, status: 'identified' }
const seen: ReportIdentity = { ...finding, position: 0, column: null, isSuppressed: false }

const cost = (lines: number): number => (lines === 0 ? 0 : 0.4 + (0.4 * Math.abs(lines)) / (Math.abs(lines) + 20))

/** Of all chains there are. */
function bestOf(candidates: readonly Candidate[], last?: Candidate): number {
  const next = candidates.filter((one) => last === undefined || (one.row > last.row && one.column > last.column))
  const scores = next.map((one) => 1 - cost(one.shift - (last?.shift ?? 0)) + bestOf(candidates, one))
  return Math.max(0, ...scores)
}

const lines = fc
  .uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 6 })
  .map((all) => all.toSorted((a, b) => a - b))

test('no other chain needs fewer and smaller edits', () => {
  fc.assert(
    fc.property(lines, lines, fc.func(fc.boolean()), (before, now, isEqual) => {
      const rows = before.map((from, row) =>
        now.flatMap((to, column) => (isEqual(from, to) ? [{ known, seen, row, column, shift: to - from }] : [])),
      )
      const chains = new Chains()
      for (const row of rows) chains.addRow(row)
      const best = chains.best()
      const score = best.reduce((sum, one, index) => sum + 1 - cost(one.shift - (best[index - 1]?.shift ?? 0)), 0)
      expect(score).toBeCloseTo(bestOf(rows.flat()))
      for (const [index, one] of best.entries())
        expect(index === 0 || one.column > (best[index - 1]?.column ?? 0)).toBe(true)
    }),
  )
})
