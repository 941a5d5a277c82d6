import { describe, expect, test } from 'vitest'
import { pickupGap } from './pickup-gap.ts'
import { type DeadlineFacts, deadlineStateAt, settleDeadline } from './settle-deadline.ts'

const facts: DeadlineFacts = {
  dueAt: 100,
  mergedAt: null,
  deployedAt: null,
  isFixedElsewhere: false,
  isDeploymentKnown: true,
}

describe('a deadline in production', () => {
  test.each<[string, Partial<DeadlineFacts>, number, string]>([
    ['none', { dueAt: null }, 50, 'none'],
    ['not fixed, not due', {}, 50, 'running'],
    ['not fixed, due now', {}, 100, 'breached'],
    ['merged in time, not deployed, not due', { mergedAt: 60 }, 70, 'at_risk'],
    ['merged in time, not deployed when it was due', { mergedAt: 60 }, 100, 'breached'],
    ['deployed to the second', { mergedAt: 60, deployedAt: 100 }, 100, 'met'],
    ['deployed a second late, merged in time', { mergedAt: 60, deployedAt: 101 }, 200, 'breached'],
    ['merged in time, and nothing tells of deployments', { mergedAt: 60, isDeploymentKnown: false }, 200, 'unknown'],
    ['merged late, and nothing tells of deployments', { mergedAt: 101, isDeploymentKnown: false }, 200, 'breached'],
    ['fixed by nobody knows what', { isFixedElsewhere: true }, 200, 'unknown'],
  ])('%s', (_name, more, now, state) => {
    expect(deadlineStateAt({ ...facts, ...more }, now)).toBe(state)
  })

  test('is settled by the deployment, or as it passes', () => {
    expect(settleDeadline({ ...facts, mergedAt: 60, deployedAt: 80 })).toEqual({ at: 80, isMet: true })
    expect(settleDeadline({ ...facts, mergedAt: 60, deployedAt: 180 })).toEqual({ at: 100, isMet: false })
    expect(settleDeadline(facts)).toEqual({ at: 100, isMet: false })
  })
})

describe('the pickup gap', () => {
  test('is how much longer security work waits, and nothing of fewer than five on either side', () => {
    expect(pickupGap({ value: 7200, n: 5 }, { value: 3600, n: 50 })).toBe(3600)
    expect(pickupGap({ value: 3600, n: 5 }, { value: 7200, n: 5 })).toBe(-3600)
    expect(pickupGap({ value: 7200, n: 4 }, { value: 3600, n: 50 })).toBeNull()
    expect(pickupGap({ value: 7200, n: 5 }, { value: 3600, n: 4 })).toBeNull()
  })
})
