import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mergeField } from '../field-merge.ts'
import { type Status, statuses } from '../status.ts'
import { meanings } from './meanings.ts'
import { isWished, judgeStates, readMeaning, type SeenState, type StateMaps, stateMaps, wishFor } from './state-maps.ts'

/** What a workflow has: each name is on one side. */
const workflow: readonly SeenState[] = [
  { name: 'To Do', state: 'open' },
  { name: 'In Progress', state: 'open' },
  { name: 'In Review', state: 'open' },
  { name: 'Done', state: 'closed' },
  { name: "Won't Do", state: 'closed' },
]
const stateArb = fc.constantFrom(...workflow)
const statusArb = fc.constantFrom(...statuses)
const sideArb = fc.constantFrom('open' as const, 'closed' as const)

const wishArb = fc.oneof(
  fc.constant({ kind: 'leave' as const }),
  stateArb.map(({ name, state }) => ({ kind: 'state' as const, name, is_closed: state === 'closed' })),
)
const inArb = fc.uniqueArray(
  fc.record({ name: stateArb.map(({ name }) => name), means: fc.constantFrom(...meanings) }),
  { selector: ({ name }) => name },
)
const mapsArb: fc.Arbitrary<StateMaps> = fc
  .record({
    out: fc.array(fc.tuple(statusArb, wishArb)).map((entries) => Object.fromEntries(entries)),
    in: inArb,
    winner: fc.option(fc.constantFrom('remote' as const, 'weir' as const), { nil: undefined }),
  })
  .map((given) => stateMaps.parse(given))

/** As every tracker wishes. */
function byDefaultOf(status: Status): 'open' | 'closed' | null {
  if (status === 'awaiting_validation') return null
  return ['created', 'identified', 'in_progress'].includes(status) ? 'open' : 'closed'
}
const judge = (status: Status, maps: StateMaps, agreed: SeenState, seen: SeenState) =>
  judgeStates({ status, maps, byDefault: byDefaultOf(status), agreed, seen })

describe('maps of states', () => {
  test('without a word of the route, both sides are merged by open and closed alone', () => {
    fc.assert(
      fc.property(statusArb, stateArb, stateArb, (status, agreed, seen) => {
        const byDefault = byDefaultOf(status)
        const merged = mergeField({ agreed: agreed.state, local: byDefault ?? agreed.state, remote: seen.state })
        const { kind } = judge(status, {}, agreed, seen)
        // What awaits validation may be closed: a second closing is no news.
        const isSettled = status === 'awaiting_validation' && seen.state === 'closed'
        const kinds = { same: 'same', push_local: 'push', take_remote: 'take', conflict: 'take' } as const
        expect(kind).toBe(isSettled ? 'same' : kinds[merged])
      }),
    )
  })

  test('what an item was brought to is never taken for news, whatever it means there', () => {
    fc.assert(
      fc.property(statusArb, mapsArb, stateArb, (status, maps, agreed) => {
        const wish = wishFor(status, { maps, byDefault: byDefaultOf(status) })
        fc.pre(wish !== null && wish.name !== null)
        const brought = { name: wish?.name ?? '', state: wish?.state ?? 'open' }
        expect(judge(status, maps, agreed, brought)).toEqual({ kind: 'same' })
      }),
    )
  })

  test('both sides come to rest: what was taken or pushed is not judged otherwise the next time', () => {
    fc.assert(
      fc.property(statusArb, mapsArb, stateArb, stateArb, (status, maps, agreed, seen) => {
        const verdict = judge(status, maps, agreed, seen)
        if (verdict.kind === 'take') {
          // Taken, the vulnerability has that status, and both agree on the state.
          expect(judge(verdict.means, maps, seen, seen).kind).not.toBe('take')
          if (verdict.isMapped) expect(judge(verdict.means, maps, seen, seen)).toEqual({ kind: 'same' })
        }
        if (verdict.kind === 'push') {
          const wish = wishFor(status, { maps, byDefault: byDefaultOf(status) })
          const after =
            workflow.find((one) => wish !== null && (wish.name ?? '') === one.name) ??
            workflow.find(({ state }) => state === wish?.state)
          if (after !== undefined) expect(judge(status, maps, after, after)).toEqual({ kind: 'same' })
        }
      }),
    )
  })

  test('a decision is never read where the route does not say so', () => {
    fc.assert(
      fc.property(statusArb, mapsArb, stateArb, stateArb, (status, maps, agreed, seen) => {
        const verdict = judge(status, maps, agreed, seen)
        if (verdict.kind !== 'take' || !['risk_accepted', 'false_positive', 'fixed'].includes(verdict.means)) return
        expect(maps.in).toContainEqual({ name: seen.name, means: verdict.means })
      }),
    )
  })

  test('many states may mean one, each means one: capitals and blanks make no other', () => {
    fc.assert(
      fc.property(mapsArb, stateArb, (maps, { name }) => {
        expect(readMeaning(maps, ` ${name.toUpperCase()} `)).toBe(readMeaning(maps, name))
      }),
    )
    const twice = [
      { name: 'Done', means: 'fixed' },
      { name: 'done ', means: 'identified' },
    ]
    expect(stateMaps.safeParse({ in: twice }).error?.issues[0]?.message).toBe('A state is there twice.')
    const many = stateMaps.parse({ in: workflow.map(({ name }) => ({ name, means: 'in_progress' })) })
    for (const { name } of workflow) expect(readMeaning(many, name)).toBe('in_progress')
  })

  test('of several states that fit, the one that is named is brought about, and each of the others stays', () => {
    const maps = stateMaps.parse({
      out: { in_progress: { kind: 'state', name: 'In Progress', is_closed: false } },
      in: [
        { name: 'In Progress', means: 'in_progress' },
        { name: 'In Review', means: 'in_progress' },
      ],
    })
    const wish = wishFor('in_progress', { maps, byDefault: 'open' })
    expect(wish).toEqual({ state: 'open', name: 'In Progress', also: ['In Progress', 'In Review'] })
    if (wish === null) throw new Error('It is wished for.')
    expect(isWished({ name: 'in review', state: 'open' }, wish)).toBe(true)
    expect(isWished({ name: 'To Do', state: 'open' }, wish)).toBe(false)
  })

  test('where both sides moved, the route says whose word holds', () => {
    const moved = (winner: StateMaps['winner']) =>
      judge(
        'fixed',
        stateMaps.parse({ in: [{ name: 'In Review', means: 'in_progress' }], winner }),
        { name: 'To Do', state: 'open' },
        { name: 'In Review', state: 'open' },
      )
    expect(moved('weir')).toEqual({ kind: 'push' })
    expect(moved('remote')).toMatchObject({ kind: 'take', means: 'in_progress' })
    expect(moved(undefined)).toMatchObject({ kind: 'take', means: 'in_progress' })
  })

  test('an item that is left alone in a status is neither brought anywhere nor set back by being closed', () => {
    const maps = stateMaps.parse({ out: { fixed: { kind: 'leave' } } })
    fc.assert(
      fc.property(sideArb, (side) => {
        const agreed: SeenState = { name: side === 'open' ? 'To Do' : 'Done', state: side }
        expect(judge('fixed', maps, agreed, agreed)).toEqual({ kind: 'same' })
        expect(judge('fixed', maps, agreed, { name: 'Done', state: 'closed' })).toEqual({ kind: 'same' })
      }),
    )
  })
})
