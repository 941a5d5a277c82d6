import { expect, test } from 'vitest'
import { shownOf, usualColumns, withShown } from './list-columns.ts'

test('a column without values is not ticked, and is there again with them', () => {
  const missing = ['due_at'] as const
  expect(shownOf(usualColumns, missing)).not.toContain('due_at')
  expect(shownOf(usualColumns, [])).toEqual(usualColumns)
  const chosen = withShown(usualColumns, { chosen: ['severity', 'tags'], missing })
  expect(chosen).toEqual(['severity', 'due_at', 'tags'])
  expect(shownOf(chosen, [])).toContain('due_at')
  expect(withShown(['severity'], { chosen: ['severity', 'tags'], missing })).toEqual(['severity', 'tags'])
})
