import { expect, test } from 'vitest'
import { clearDrafts, draftKey } from './drafts.ts'

/** As a browser's storage: entries are properties, methods are not. */
function storageOf(entries: Record<string, string>): Storage {
  const methods = {
    getItem: (key: string) => entries[key] ?? null,
    setItem: (key: string, value: string) => void (entries[key] = value),
    removeItem: (key: string) => void delete entries[key],
  }
  return new Proxy<Storage>(Object.assign(Object.create(methods), entries), {
    ownKeys: () => Object.keys(entries),
    getOwnPropertyDescriptor: (_target, key) => Object.getOwnPropertyDescriptor(entries, key),
  })
}

test('logging out leaves no draft behind, and nothing else is touched', () => {
  const entries = { [draftKey('ada', 'v1')]: 'mine', [draftKey('ben', 'v1')]: 'theirs', 'weir:letter-keys-off': 'true' }
  clearDrafts(storageOf(entries))
  expect(entries).toEqual({ 'weir:letter-keys-off': 'true' })
})

test('whoever comes in keeps the own drafts; those of others go', () => {
  const entries = { [draftKey('ada', 'v1')]: 'mine', [draftKey('ben', 'v1')]: 'theirs' }
  clearDrafts(storageOf(entries), 'ada')
  expect(entries).toEqual({ [draftKey('ada', 'v1')]: 'mine' })
})
