import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shareSends } from './share-sends.ts'

const small = { id: 'small', maxPerRun: 2 }
const other = { id: 'other', maxPerRun: 1 }
const wanted = (ids: string, policies = [small], isSent = false) => [...ids].map((id) => ({ id, isSent, policies }))

test('a policy sends its fill, in the order given, and holds the rest', () => {
  expect(shareSends(wanted('abcde'))).toEqual({ send: ['a', 'b'], held: new Map([['small', 3]]) })
})

test('what one policy has no room for goes by another that wants it too', () => {
  expect(shareSends(wanted('abcd', [small, other]))).toEqual({ send: ['a', 'b', 'c'], held: new Map([['small', 1]]) })
})

test('what has an item takes no room and is held by nobody', () => {
  expect(shareSends([...wanted('abc', [other], true), ...wanted('de', [other])])).toEqual({
    send: ['a', 'b', 'c', 'd'],
    held: new Map([['other', 1]]),
  })
})

test('nothing is lost or doubled, and no policy sends more than its fill', () => {
  const policy = fc.constantFrom(small, other, { id: 'third', maxPerRun: 3 })
  const item = fc.record({ isSent: fc.boolean(), policies: fc.uniqueArray(policy, { minLength: 1 }) })
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), (items) => {
      const all = items.map((one, index) => ({ ...one, id: String(index) }))
      const { send, held } = shareSends(all)
      const heldCount = [...held.values()].reduce((sum, count) => sum + count, 0)
      expect(new Set(send).size).toBe(send.length)
      expect(send.length + heldCount).toBe(all.length)
      const fresh = all.filter(({ id, isSent }) => !isSent && send.includes(id))
      expect(fresh.length).toBeLessThanOrEqual(6)
      for (const one of [small, other]) {
        const alone = fresh.filter(({ policies }) => policies.length === 1 && policies[0]?.id === one.id)
        expect(alone.length).toBeLessThanOrEqual(one.maxPerRun)
      }
    }),
  )
})
