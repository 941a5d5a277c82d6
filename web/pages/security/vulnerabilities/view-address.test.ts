import { expect, test } from 'vitest'
import { isChanged, toAddress, toViewSearch } from './view-address.ts'

const id = '019a0000-0000-7000-8000-000000000001'

test('a view is the address without its own name, whatever order it was clicked together in', () => {
  expect(toViewSearch({ tag: ['pci'], view: 'all', saved: id })).toBe(toViewSearch({ view: 'all', tag: ['pci'] }))
})

test('a view that was opened is unchanged, and changed as soon as one filter is', () => {
  const view = { id, search: toViewSearch({ severity: ['critical', 'high'], sort: 'due_at', assignee_id: ['me'] }) }
  const opened = toAddress(view)
  expect(opened.saved).toBe(id)
  expect(isChanged(view, opened)).toBe(false)
  expect(isChanged(view, { ...opened, sort: undefined })).toBe(true)
})

test('what an older page saved and nobody knows any more neither shows nor counts as a change', () => {
  const view = { id, search: '?tag=pci&colour=blue&sort=mood' }
  expect(toAddress(view)).toEqual({ tag: ['pci'], saved: id })
  expect(isChanged(view, toAddress(view))).toBe(false)
})
