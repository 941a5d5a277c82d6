import { describe, expect, it } from 'vitest'
import { type IncidentFact, type JudgedInput, type JudgementRules, judgeDeployments } from './judge-deployments.ts'

const hour = 3600
const made = (id: string, hours: number, over: Partial<JudgedInput> = {}): JudgedInput => ({
  id,
  outcome: 'successful',
  completedAt: hours * hour,
  isRollback: false,
  changes: 1,
  repairs: 0,
  markedFailed: null,
  markedRework: null,
  ...over,
})
const rules: JudgementRules = { repairWithinHours: 24, countsFailedDeployments: false }
const judge = (deployments: JudgedInput[], incidents: IncidentFact[] = [], over: Partial<JudgementRules> = {}) =>
  new Map(judgeDeployments({ deployments, incidents, rules: { ...rules, ...over } }).map((one) => [one.id, one]))
const incident = (beganHours: number, over: Partial<IncidentFact> = {}): IncidentFact => ({
  id: 'i1',
  deploymentId: null,
  beganAt: beganHours * hour,
  resolvedAt: null,
  ...over,
})

describe('a failed change', () => {
  it('is the last success before an incident began, until the incident is resolved', () => {
    const judged = judge([made('a', 10), made('b', 20), made('c', 30)], [incident(25, { resolvedAt: 27 * hour })])
    expect(judged.get('b')).toMatchObject({ failedBy: 'incident', recoveredAt: 27 * hour })
    expect(judged.get('a')?.failedBy).toBeNull()
    expect(judged.get('c')?.failedBy).toBeNull()
  })

  it('is the deployment an incident names, and lasts as long as one of its incidents does', () => {
    const two = [
      incident(31, { id: 'i1', deploymentId: 'a', resolvedAt: 32 * hour }),
      incident(33, { id: 'i2', deploymentId: 'a' }),
    ]
    expect(judge([made('a', 10), made('b', 20)], two).get('a')).toMatchObject({
      failedBy: 'incident',
      recoveredAt: null,
    })
  })

  it('is what was rolled back, however late, and works again when the rollback is there', () => {
    const judged = judge([made('a', 10), made('b', 100, { isRollback: true, changes: 0 })])
    expect(judged.get('a')).toMatchObject({ failedBy: 'rollback', recoveredAt: 100 * hour })
    expect(judged.get('b')).toMatchObject({ failedBy: null, isRework: true })
  })

  it.each([
    [24, 'hotfix'],
    [24.1, null],
  ])('is what a repair follows within a day: %s hours later', (hours, failedBy) => {
    const judged = judge([made('a', 0), made('b', hours, { repairs: 1 })])
    expect(judged.get('a')?.failedBy).toBe(failedBy)
  })

  it('is not what came before another change: the repair is of the last one', () => {
    const judged = judge([made('a', 0), made('b', 1), made('c', 2, { repairs: 1 })])
    expect(judged.get('a')?.failedBy).toBeNull()
    expect(judged.get('b')?.failedBy).toBe('hotfix')
  })

  it('is what a person says, against any rule', () => {
    const judged = judge(
      [made('a', 0, { markedFailed: false }), made('b', 1, { repairs: 1, markedFailed: true })],
      [incident(0.5, { deploymentId: 'a' })],
    )
    expect(judged.get('a')?.failedBy).toBeNull()
    expect(judged.get('b')).toMatchObject({ failedBy: 'manual', recoveredAt: null })
  })

  it('is a deployment that did not succeed only where that is wished for; it recovers with the next success', () => {
    const both = [made('a', 0, { outcome: 'failed' }), made('b', 2)]
    expect(judge(both).get('a')?.failedBy).toBeNull()
    const judged = judge(both, [], { countsFailedDeployments: true })
    expect(judged.get('a')).toMatchObject({ failedBy: 'deploy_failed', recoveredAt: 2 * hour })
  })

  it('is never one that was stopped', () => {
    expect(judge([made('a', 0, { outcome: 'stopped' })], [incident(1, { deploymentId: 'a' })]).size).toBe(0)
  })
})

describe('rework', () => {
  it('is a deployment all of whose changes repair, not one that brings something besides', () => {
    const judged = judge([made('a', 0, { changes: 2, repairs: 2 }), made('b', 50, { changes: 2, repairs: 1 })])
    expect(judged.get('a')?.isRework).toBe(true)
    expect(judged.get('b')?.isRework).toBe(false)
  })

  it('is not one without a change, and is what a person says', () => {
    const judged = judge([
      made('a', 0, { changes: 0 }),
      made('b', 50, { markedRework: true }),
      made('c', 99, { isRollback: true, markedRework: false }),
    ])
    expect([...judged.values()].map(({ isRework }) => isRework)).toEqual([false, true, false])
  })
})
