import { expect, test } from 'vitest'
import { fromCascade, fromLocalMoment, toCascade, toIds, toLocalMoment, toPlainText } from './jira-field-values.ts'

test('choices and people are known by their ids, in whatever form they were kept', () => {
  expect(toIds([{ id: '10211' }, { accountId: 'a:1' }, 'b', 7])).toEqual(['10211', 'a:1', 'b'])
})

test('a cascading choice is two ids, and nothing when nothing is chosen above', () => {
  expect(toCascade({ id: '1', child: { id: '2' } })).toEqual({ above: '1', below: '2' })
  expect(fromCascade({ above: '1', below: '2' })).toEqual({ id: '1', child: { id: '2' } })
  expect(fromCascade({ above: '1', below: '' })).toEqual({ id: '1' })
  expect(fromCascade({ above: '', below: '2' })).toBeUndefined()
})

test('a stored document is shown as its text', () => {
  const paragraph = (text: string) => ({ type: 'paragraph', content: [{ type: 'text', text }] })
  expect(toPlainText({ type: 'doc', content: [paragraph('One'), paragraph('Two')] })).toBe('One\n\nTwo')
  expect(toPlainText('as typed')).toBe('as typed')
})

test('a moment survives the way through its input', () => {
  const moment = '2027-03-31T09:00:00.000Z'
  expect(fromLocalMoment(toLocalMoment(moment))).toBe(moment)
  expect(toLocalMoment('never')).toBe('')
  expect(fromLocalMoment('')).toBeUndefined()
})
