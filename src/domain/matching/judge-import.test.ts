import { describe, expect, test } from 'vitest'
import type { ExistingFinding, ReportIdentity } from './identities.ts'
import { judgeImport } from './judge-import.ts'
import { matchFindings } from './match-findings.ts'

type Place = { rule?: string; folder?: string }

const told = (name: string, { rule = 'rule', folder = 'src' }: Place, position: number): ReportIdentity => ({
  position,
  kind: 'code',
  scanner: 'Lantern',
  ruleId: rule,
  path: `${folder}/${name}.ts`,
  line: 1,
  column: 1,
  toolKey: null,
  contentKey: `${rule} ${folder} ${name}`,
  placeKey: null,
  movedKey: null,
  sketch: null,
  packageKey: null,
  names: [],
  isSuppressed: false,
  bodyHash: name,
})

const many = (count: number, prefix: string, place: Place = {}) =>
  Array.from({ length: count }, (_, index) => told(`${prefix}${index}`, place, index))

function judge(before: readonly ReportIdentity[], now: readonly ReportIdentity[], isSameFile = false) {
  const existing = before.map(
    (one, index): ExistingFinding => ({ ...one, id: `f${index}`, contentIndex: 0, active: true, status: 'identified' }),
  )
  const report = now.map((one, position) => ({ ...one, position }))
  const plan = matchFindings({ existing, report, closingScanners: ['Lantern'] })
  const verdict = judgeImport({ plan, existing, report, isSameFile })
  return verdict.kind === 'held' ? verdict.reason : verdict.kind
}

describe('the guard', () => {
  test.each([
    ['closes ten of ten', 10, 0, 2, 'apply'],
    ['closes eleven of twenty-one', 11, 10, 0, 'held'],
    ['closes eleven of twenty-two', 11, 11, 0, 'apply'],
    ['knows none of three', 3, 0, 2, 'apply'],
    ['is empty', 1, 0, 0, 'held'],
    ['is empty, and so it was', 0, 0, 0, 'apply'],
  ])('a report that %s', (_, gone, kept, fresh, wanted) => {
    const stays = many(kept, 'kept')
    const verdict = judge([...many(gone, 'gone'), ...stays], [...stays, ...many(fresh, 'new')])
    expect(['apply', 'unchanged'].includes(verdict) ? verdict : 'held').toBe(wanted)
  })

  test('a report of other rules', () => {
    expect(judge(many(3, 'a', { rule: 'r1' }), many(5, 'b', { rule: 'r2' }))).toMatch(
      /closes? 3 of 3 active findings, and the rule \(r1\) they are of has nothing in it: .* another set of rules/,
    )
    const gone = ['r1', 'r2', 'r3', 'r4'].flatMap((rule) => many(3, rule, { rule }))
    const stays = many(30, 'kept')
    expect(judge([...gone, ...stays], stays)).toMatch(/12 of 42 .* 4 rules \(r1, r2, r3, …\) .* another set of rules/)
    // One rule of which everything was mended is a good day.
    expect(judge([...many(12, 'gone', { rule: 'r1' }), ...stays], stays)).toBe('apply')
  })

  test('a report of another tree', () => {
    expect(judge(many(4, 'a', { folder: 'shop' }), many(5, 'b', { folder: 'harbour' }))).toMatch(
      /the folder \(shop\) they are in has nothing in it: .* another tree/,
    )
    const stays = many(30, 'kept')
    expect(judge([...many(12, 'gone', { folder: 'shop' }), ...stays], stays)).toMatch(/another tree/)
  })

  test('the same file again has nothing to do', () => {
    const all = many(5, 'a')
    expect(judge(all, all, true)).toBe('unchanged')
    expect(judge(all, all, false)).toBe('apply')
  })
})
