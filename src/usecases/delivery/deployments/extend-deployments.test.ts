import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createTestDatabase } from '../../../../test/database.ts'
import { DeploymentHistory, happening } from '../../../../test/deployment-history.ts'
import type { OpenDatabase } from '../../../store/db.ts'
import * as facts from '../../../store/delivery/deployments/deployment-facts.ts'

vi.mock('../../../store/delivery/deployments/deployment-facts.ts', { spy: true })

let open: OpenDatabase
beforeAll(async () => {
  open = await createTestDatabase()
})
afterAll(async () => open.close())

const merge = { kind: 'merge', back: 0, isRepair: false, isTogether: false } as const
const workOut = { kind: 'work out' } as const
const deployment = {
  kind: 'deployment',
  back: 0,
  state: 'successful',
  late: 0,
  pipeline: null,
  isShort: true,
  isUnknown: false,
} as const
/** Something is in production, and settled. */
const deployed = [merge, deployment, workOut] as const

test('what is worked out bit by bit is what the whole history gives', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 26 }), async (happenings) => {
      const history = new DeploymentHistory(open)
      await history.begin()
      for (const one of [...deployed, ...happenings, workOut]) await history.play(one)
      const bitByBit = await history.worked()
      await history.forget()
      await history.workOut()
      expect(await history.worked()).toEqual(bitByBit)
    }),
    { numRuns: 60 },
  )
})

test('one more deployment is worked out without the history before it', async () => {
  const history = new DeploymentHistory(open)
  await history.begin()
  for (const one of deployed) await history.play(one)
  vi.mocked(facts.listCommitParents).mockClear()
  const incident = { kind: 'incident', hours: 0, isNamed: false } as const
  for (const one of [merge, workOut, merge, deployment, incident, workOut]) await history.play(one)
  expect(facts.listCommitParents).not.toHaveBeenCalled()
  const { figures, changes, commits } = await history.worked()
  expect(figures).toMatchObject([
    { changes: 1, failed_by: null },
    { changes: 2, failed_by: 'incident' },
  ])
  expect([changes.length, commits.length]).toEqual([3, 4])
})

test('a merge that is learned late counts in the deployment it went into', async () => {
  const history = new DeploymentHistory(open)
  await history.begin()
  for (const one of [...deployed, { kind: 'late merge', back: 0, hours: 1 } as const, workOut]) await history.play(one)
  const { figures, changes } = await history.worked()
  expect([changes.length, figures.length]).toEqual([2, 1])
})

test('a merge that is learned late and is in no deployment costs nothing of the history', async () => {
  const history = new DeploymentHistory(open)
  await history.begin()
  // The second merge comes to be known after a deployment that was later, and did not contain it.
  const happenings = [...deployed, merge, deployment, workOut] as const
  for (const one of happenings) await history.play(one)
  await history.play({ kind: 'merge', back: 0, isRepair: false, isTogether: false })
  vi.mocked(facts.listCommitParents).mockClear()
  for (const one of [{ kind: 'late merge', back: 0, hours: 4 } as const, workOut, deployment, workOut])
    await history.play(one)
  expect(facts.listCommitParents).not.toHaveBeenCalled()
  expect((await history.worked()).changes).toHaveLength(4)
})
