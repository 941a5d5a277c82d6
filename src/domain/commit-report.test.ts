import { expect, test } from 'vitest'
import {
  type CommitTold,
  composeAnnotations,
  composeBuildStatus,
  composeReport,
  composeSummary,
  type ToldVulnerability,
} from './commit-report.ts'

const one = (number: number): ToldVulnerability => ({
  id: `018f0000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  number,
  title: 'SQL built from @input',
  severity: 'high',
  path: 'src/orders.js',
  line: 15,
  url: `https://weir.example/vulnerabilities/${number}`,
})
const told = (wish: Partial<CommitTold> = {}): CommitTold => ({
  counts: { critical: 1, high: 2, medium: 0, low: 0, notification: 0 },
  worst: [1, 2, 3].map(one),
  listUrl: 'https://weir.example/vulnerabilities',
  isPullRequest: true,
  gate: null,
  ...wish,
})
const none = { critical: 0, high: 0, medium: 0, low: 0, notification: 0 }
const many = Array.from({ length: 1001 }, (_, index) => one(index))

test('a report counts all, and says how many are not marked', () => {
  expect(composeReport(told()).details).toBe('1 critical, 2 high new in this pull request.')
  const big = told({ counts: { ...none, high: 1203 }, worst: many, isPullRequest: false })
  expect(composeReport(big).details).toBe(
    '1203 high open on this branch. The worst 1000 are marked in the code; 203 more are in Weir.',
  )
  expect(composeReport(told({ counts: none, worst: [] })).details).toBe('Nothing new in this pull request.')
})

test('there is a verdict only where the gate was asked', () => {
  expect(composeReport(told())).not.toHaveProperty('result')
  expect(composeReport(told({ gate: 'failed' }))).toMatchObject({ result: 'FAILED' })
  expect(composeReport(told({ gate: 'passed' }))).toMatchObject({ result: 'PASSED' })
})

test('at most a thousand annotations, each at its place, in the order given', () => {
  const annotations = composeAnnotations(told({ worst: many }))
  expect(annotations).toHaveLength(1000)
  expect(annotations[0]).toMatchObject({ severity: 'HIGH', path: 'src/orders.js', line: 15 })
  expect(annotations[7]?.summary).toMatch(/^WEIR-7: SQL built from @.input$/u)
})

test('what has no place is annotated without one, and a long title is cut', () => {
  const [annotation] = composeAnnotations(
    told({ worst: [{ ...one(1), path: null, line: null, title: 'a'.repeat(900) }] }),
  )
  expect(annotation).not.toHaveProperty('path')
  expect(annotation?.summary).toHaveLength(450)
})

test('a build status has always ended, and fails by the gate alone', () => {
  expect(composeBuildStatus(told(), 'feature/x')).toMatchObject({
    key: 'weir',
    name: 'Weir: 1 critical, 2 high new',
    state: 'SUCCESSFUL',
    refname: 'feature/x',
  })
  expect(composeBuildStatus(told({ gate: 'failed' }), 'main').state).toBe('FAILED')
})

test('the summary names ten at most, counts the rest, and mentions nobody', () => {
  const text = composeSummary(told({ counts: { ...none, high: 14 }, worst: many.slice(0, 14) }))
  expect(text.split('\n').filter((line) => line.startsWith('- high: '))).toHaveLength(10)
  expect(text).toContain('- and 4 more')
  expect(text).not.toContain('@input')
})

test('when nothing is open any more the summary says so', () => {
  expect(composeSummary(told({ counts: none, worst: [] }))).toBe('**Weir:** nothing new is left in this pull request.')
})
