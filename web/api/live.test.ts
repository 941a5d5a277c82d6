import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { gatherInvalidations, parseLiveEvent } from './live.ts'

test.each([
  ['{"kind":"message","vulnerability_id":"1"}', 'message'],
  ['{"kind":"notification"}', 'notification'],
  ['{"kind":"something a newer server says"}', null],
  ['{"kind":"toString"}', null],
  ['not json', null],
  ['null', null],
  [undefined, null],
])('the event %s is read as %s', (data, kind) => {
  expect(parseLiveEvent(data)).toBe(kind)
})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('many events make a query stale once, and none while a choice is under way that can lead to another page', async () => {
  const stale: unknown[] = []
  let choosing = 1
  const gathered = gatherInvalidations({
    invalidateQueries: async (filters) => void stale.push(filters?.queryKey?.[0]),
    isMutating: (filters) => (filters?.mutationKey?.[0] === 'chooseWorkspace' ? choosing : 0),
  })
  for (let event = 0; event < 5; event += 1) gathered.add(['getConnection', 'listWebhooks'])
  await vi.advanceTimersByTimeAsync(500)
  expect(stale).toEqual([])
  choosing = 0
  await vi.advanceTimersByTimeAsync(100)
  expect(stale).toEqual(['getConnection', 'listWebhooks'])
})
