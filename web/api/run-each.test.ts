import { expect, test } from 'vitest'
import { parseProblem } from './api-problem.ts'
import { type RunState, runEach } from './run-each.ts'

test('one refused item is kept with its reason, and the others are still acted on', async () => {
  const acted: number[] = []
  const steps: RunState<number>[] = []
  const end = await runEach({
    items: [1, 2, 3],
    act: async (item) => {
      if (item === 2) throw parseProblem(409, JSON.stringify({ title: 'Changed', detail: 'Somebody was faster.' }))
      acted.push(item)
    },
    onStep: (state) => steps.push(state),
  })
  expect(acted).toEqual([1, 3])
  expect(end).toMatchObject({ done: 3, total: 3, refused: [{ item: 2, problem: { detail: 'Somebody was faster.' } }] })
  expect(steps.map((step) => step.done)).toEqual([0, 1, 2, 3])
})
