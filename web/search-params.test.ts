import { expect, test } from 'vitest'
import { parseSearch, readChoice, readChoices, readOnly, stringifySearch, withoutEmpty } from './search-params.ts'

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

test('nothing of an address reaches a page but what its route understood', () => {
  const toSearch = readOnly((search) => withoutEmpty({ severity: readChoices(search, 'severity', ['high', 'low']) }))
  // The router lays what the route read over what was typed.
  const handedOn = (typed: string) => ({ ...parseSearch(typed), ...toSearch(parseSearch(typed)) })
  expect(handedOn('?severity=bogus&page=2')).toEqual({ severity: undefined, page: undefined })
  expect(handedOn('?severity=high')).toEqual({ severity: ['high'] })
  expect(stringifySearch(handedOn('?severity=bogus&page=2'))).toBe('')
})
