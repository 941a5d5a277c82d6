import { describe, expect, test } from 'vitest'
import { chooseTransition, type Transition } from './choose-transition.ts'

function way(name: string, category: string, missing: string[] = []): Transition {
  return { id: name, name: `To ${name}`, to: { id: name, name, category }, fields: {}, missing }
}
const nothing = new Set<string>()

describe('the next step of a workflow', () => {
  test.each([
    ['straight to done where that is offered', [way('Doing', 'indeterminate'), way('Done', 'done')], 'Done'],
    ['on to work under way, before work not begun', [way('Waiting', 'new'), way('Doing', 'indeterminate')], 'Doing'],
    ['past a screen nobody fills', [way('Accepted', 'done', ['Resolution']), way('Doing', 'indeterminate')], 'Doing'],
    ['the one that needs nothing', [way('Accepted', 'done', ['Resolution']), way('Done', 'done')], 'Done'],
  ])('is %s', (_, offered, wanted) => {
    const choice = chooseTransition(offered, { state: 'closed', statusName: undefined }, nothing)
    expect(choice).toMatchObject({ kind: 'step', transition: { id: wanted } })
  })

  test('is the status the route names, in whatever letters, and no other that is done', () => {
    const offered = [way('Accepted', 'done'), way('Repaired', 'done'), way('Doing', 'indeterminate')]
    const closing = { state: 'closed' as const, statusName: ' repaired ' }
    expect(chooseTransition(offered, closing, nothing)).toMatchObject({ transition: { id: 'Repaired' } })
    expect(chooseTransition([way('Accepted', 'done')], closing, nothing)).toEqual({ kind: 'none' })
    const asking = way('Repaired', 'done', ['Resolution'])
    expect(chooseTransition([asking, way('Doing', 'indeterminate')], closing, nothing)).toEqual({
      kind: 'blocked',
      transition: asking,
    })
  })

  test('never goes twice to the same status, and says when nothing is left', () => {
    const closing = { state: 'closed' as const, statusName: undefined }
    const doing = way('Doing', 'indeterminate')
    expect(chooseTransition([doing], closing, new Set(['Doing']))).toEqual({ kind: 'none' })
    const blocked = way('Done', 'done', ['Resolution'])
    expect(chooseTransition([doing, blocked], closing, new Set(['Doing']))).toEqual({
      kind: 'blocked',
      transition: blocked,
    })
  })

  test('opens again at the beginning where it can, and by way of another end where it must', () => {
    const opening = { state: 'open' as const, statusName: undefined }
    expect(chooseTransition([way('Doing', 'indeterminate'), way('To Do', 'new')], opening, nothing)).toMatchObject({
      transition: { id: 'To Do' },
    })
    expect(chooseTransition([way('Resolved', 'done')], opening, nothing)).toMatchObject({
      transition: { id: 'Resolved' },
    })
  })
})
