import { expect, test } from 'vitest'
import { listBulkMoves } from './bulk-moves.ts'

const open = { id: 'a', status: 'identified' as const }
const fixed = { id: 'b', status: 'fixed' as const }

test('a move some rows cannot make names those it leaves out', () => {
  const move = listBulkMoves([open, fixed], 'champion').find((one) => one.to === 'false_positive')
  expect(move).toEqual({ to: 'false_positive', allowed: [open], refused: [fixed], needs: ['reason'] })
})

test('a row that has the status already is neither moved nor refused', () => {
  const move = listBulkMoves([open, fixed], 'champion').find((one) => one.to === 'identified')
  expect(move).toMatchObject({ allowed: [fixed], refused: [], needs: ['reason'] })
})

test('a developer is not offered decisions', () => {
  expect(listBulkMoves([open], 'developer').map((one) => one.to)).toEqual(['in_progress', 'awaiting_validation'])
})
