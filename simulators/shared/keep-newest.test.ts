import { expect, test } from 'vitest'
import { keepNewest } from './keep-newest.ts'

test('a log stays the same list, keeps its newest half when it has too much, and says how much is gone', () => {
  const deliveries: number[] = []
  const logs = { deliveries, forgotten: { requests: 0, deliveries: 0 } }
  for (let count = 0; count < 7501; count += 1) {
    deliveries.push(count)
    keepNewest(logs, 'deliveries')
  }
  expect([deliveries.length, deliveries[0], deliveries.at(-1)]).toEqual([2501, 5000, 7500])
  expect(logs.forgotten).toEqual({ requests: 0, deliveries: 5000 })
})
