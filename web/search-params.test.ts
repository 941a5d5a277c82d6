import { expect, test } from 'vitest'
import { parseSearch, readChoice, readChoices, stringifySearch, withoutEmpty } from './search-params.ts'

test('filters survive the way into the address and back', () => {
  const search = { q: 'a & b', severity: ['high', 'low'], unread: 'true' }
  expect(parseSearch(stringifySearch(search))).toEqual(search)
})

test('empty values do not stand in the address', () => {
  expect(stringifySearch({ q: '', severity: [], sort: undefined })).toBe('')
  expect(withoutEmpty({ q: '', severity: [], sort: 'title' })).toEqual({ sort: 'title' })
})

test('words the page does not know are dropped instead of sent to the server', () => {
  const choices = ['open', 'closed'] as const
  expect(readChoice({ view: 'opne' }, 'view', choices)).toBeUndefined()
  expect(readChoices({ view: ['closed', 'x', 'open'] }, 'view', choices)).toEqual(['open', 'closed'])
})
