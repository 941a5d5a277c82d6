import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AccountMerge, type GroupedAccount, groupAccounts } from './group-accounts.ts'

const nobody = new Map<string, GroupedAccount>()
const merge = (text: string): AccountMerge => ({ from: text[0] ?? '', into: text[1] ?? '' })
const group = (texts: readonly string[], accounts = nobody) =>
  Object.fromEntries([...groupAccounts(texts.map(merge), accounts)].toSorted(([a], [b]) => (a < b ? -1 : 1)))
const account = (id: string, kind: GroupedAccount['kind']) => [id, { id, kind }] as const

describe('the account that stands for a person', () => {
  test.each<[string, string[], Record<string, string>]>([
    ['of one merge is what it was merged into', ['ab'], { a: 'b', b: 'b' }],
    ['of a chain is its end, for every link', ['ab', 'bc', 'cd'], { a: 'd', b: 'd', c: 'd', d: 'd' }],
    ['of two people are two', ['ab', 'cd'], { a: 'b', b: 'b', c: 'd', d: 'd' }],
    ['of one merged into two is the first of those', ['ac', 'ab'], { a: 'b', b: 'b', c: 'b' }],
    ['of a ring is one all the same', ['ab', 'bc', 'ca'], { a: 'a', b: 'a', c: 'a' }],
  ])('%s', (_, merges, wanted) => expect(group(merges)).toEqual(wanted))

  test('is Bitbucket’s before Jira’s before a commit’s', () => {
    const accounts = new Map([account('b', 'git'), account('c', 'jira'), account('d', 'bitbucket')])
    expect(group(['ab', 'ac', 'ad'], accounts)['a']).toBe('d')
    expect(group(['ab', 'ac'], accounts)['a']).toBe('c')
  })
})

const ids = fc.constantFrom(...'abcdefgh')
const merges = fc.array(
  fc
    .tuple(ids, ids)
    .filter(([from, into]) => from !== into)
    .map(([from, into]) => `${from}${into}`),
  { maxLength: 12 },
)

test('the order of merges has no effect', () => {
  fc.assert(
    fc.property(
      merges.chain((some) => fc.tuple(fc.constant(some), fc.shuffledSubarray(some, { minLength: some.length }))),
      ([some, shuffled]) => {
        expect(group(shuffled)).toEqual(group(some))
      },
    ),
  )
})

test('taking back any merge leaves what the others alone say', () => {
  fc.assert(
    fc.property(merges, fc.nat(11), (some, place) => {
      const others = some.filter((_, index) => index !== place)
      const again = [...others, ...some.slice(place, place + 1)]
      expect(group(again)).toEqual(group(some))
      expect(group(again.slice(0, others.length))).toEqual(group(others))
    }),
  )
})

test('every account stands with those it was merged with, and no chain is left', () => {
  fc.assert(
    fc.property(merges, (some) => {
      const standing = group(some)
      for (const text of some) expect(standing[text[0] ?? '']).toBe(standing[text[1] ?? ''])
      for (const root of Object.values(standing)) expect(standing[root]).toBe(root)
    }),
  )
})
