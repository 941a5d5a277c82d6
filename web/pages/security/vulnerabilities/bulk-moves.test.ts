import { expect, test } from 'vitest'
import { listAllMoves, listBulkMoves } from './bulk-moves.ts'

const open = { status: 'identified' as const }
const fixed = { status: 'fixed' as const }

test('a move is offered when one row can make it, with how many can', () => {
  const move = listBulkMoves([open, fixed], 'champion').find((one) => one.to === 'false_positive')
  expect(move).toEqual({ to: 'false_positive', allowed: 1, needs: ['reason'] })
})

test('what one of them has to say is asked for', () => {
  const move = listBulkMoves([open, fixed], 'champion').find((one) => one.to === 'identified')
  expect(move).toMatchObject({ allowed: 1, needs: ['reason'] })
})

test('a developer is not offered decisions, also not for what is not shown', () => {
  expect(listBulkMoves([open], 'developer').map((one) => one.to)).toEqual(['in_progress', 'awaiting_validation'])
  expect(listAllMoves('developer').map((one) => one.to)).toEqual(['in_progress', 'awaiting_validation'])
})
