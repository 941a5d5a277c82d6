import { expect, test } from 'vitest'
import { statuses } from './status.ts'
import { toVexAnalysis } from './vex-analysis.ts'

const plain = { statusReason: null, acceptedUntil: null, knownExploited: false }

test.each([
  ['created', 'in_triage'],
  ['identified', 'in_triage'],
  ['in_progress', 'exploitable'],
  ['awaiting_validation', 'exploitable'],
  ['fixed', 'resolved'],
  ['risk_accepted', 'exploitable'],
  ['false_positive', 'false_positive'],
  ['suppressed', 'not_affected'],
] as const)('%s is told as %s', (status, state) => {
  expect(toVexAnalysis({ ...plain, status }).state).toBe(state)
})

test('every status has an analysis, and a reason is its detail', () => {
  for (const status of statuses)
    expect(toVexAnalysis({ ...plain, status, statusReason: 'Behind a gate' }).detail).toContain('Behind a gate')
})

test('what the world exploits is not in triage', () => {
  expect(toVexAnalysis({ ...plain, status: 'identified', knownExploited: true }).state).toBe('exploitable')
})

test('an accepted risk will not be fixed, and says until when', () => {
  const told = toVexAnalysis({
    ...plain,
    status: 'risk_accepted',
    statusReason: 'Inside only.',
    acceptedUntil: '2027-05-01',
  })
  expect(told).toEqual({
    state: 'exploitable',
    response: ['will_not_fix'],
    detail: 'Risk accepted: Inside only. Looked at again on 2027-05-01.',
  })
})

test('a justification is taken from the reason, never invented', () => {
  const said = { ...plain, status: 'suppressed' as const }
  expect(toVexAnalysis({ ...said, statusReason: 'not_affected: code_not_reachable: never called' }).justification).toBe(
    'code_not_reachable',
  )
  expect(toVexAnalysis({ ...said, statusReason: 'nosec' })).toEqual({ state: 'not_affected', detail: 'nosec' })
})
