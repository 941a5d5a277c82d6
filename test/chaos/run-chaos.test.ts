import { afterAll, expect, test } from 'vitest'
import { killLeftProcesses } from '../processes/weir-process.ts'
import { isCertain } from './oracle.ts'
import { runChaos } from './run-chaos.ts'

afterAll(killLeftProcesses)

const options = { seed: 1, operations: 120, minutes: 1, say: () => undefined }

test('a lost and a doubled comment, planted where no webhook tells of them, are found', async () => {
  const found = await runChaos({
    ...options,
    plant: ({ jira }, problems) => {
      const items = problems.filter(({ side, hasLostItem }) => side === jira && !hasLostItem)
      const [first, second] = items.flatMap(({ item, said }) => {
        const comments = jira.simulator.sim.issues.find(({ id }) => id === item?.remoteId)?.comments ?? []
        // Of nothing else does the oracle promise that it stands there.
        const sure = said.filter((one) => isCertain(one) && one.isAdrift !== true).flatMap(({ texts }) => texts)
        const index = comments.findLastIndex(({ body }) => sure.some((text) => JSON.stringify(body).includes(text)))
        return index === -1 ? [] : [{ comments, index }]
      })
      const doubled = second?.comments[second.index]
      if (first === undefined || second === undefined || doubled === undefined)
        throw new Error('There is too little to plant anything in.')
      first.comments.splice(first.index, 1)
      second.comments.push({ ...doubled, id: '999999', properties: new Map() })
    },
  })
  expect(found.seconds_to_agreement).toBe(null)
  expect(found.lost).toBeGreaterThan(0)
  expect(found.duplicates).toBeGreaterThan(0)
}, 240_000)
