import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isMentioned, listSpelled, readMentions, spellMentions, toMentionName } from './mentions.ts'

const ann = { name: 'Ann', account: '712020:ann' }
const annLee = { name: 'Ann Lee', account: '712020:ann-lee' }

describe('whom a text means', () => {
  test.each([
    ['@Ann, look', '@{712020:ann}, look'],
    ['@Ann Lee and @Ann', '@{712020:ann-lee} and @{712020:ann}'],
    ['@Anna, mail@Ann and @ann', '@Anna, mail@Ann and @ann'],
    ['`@Ann` and [site](https://example.com/@Ann)', '`@Ann` and [site](https://example.com/@Ann)'],
    ['**@Ann**\n\n> @Ann', '**@{712020:ann}**\n\n> @{712020:ann}'],
  ])('%j is spelt %j', (body, spelled) => {
    expect(spellMentions(body, [ann, annLee])).toBe(spelled)
  })

  test('nobody who was not named by the author is meant, whatever they are called', () => {
    expect(spellMentions('@Ann @all @here', [])).toBe('@Ann @all @here')
  })

  test('is read back by the names of now; code keeps what it says', () => {
    const names = new Map([['712020:ann', 'Ann Berg']])
    const body = '@{712020:ann} wrote `@{712020:ann}` to @{gone}'
    expect(readMentions(body, (account) => names.get(account) ?? 'somebody')).toBe(
      '@Ann Berg wrote `@{712020:ann}` to @somebody',
    )
    expect(listSpelled(body)).toEqual(['712020:ann', 'gone'])
  })

  test('goes there and back unchanged', () => {
    const pieces = fc.constantFrom('@Ann', '@Ann Lee', 'Ann', '@', '`@Ann`', '**', '\n', ' ', ', ', '#1', '@all')
    fc.assert(
      fc.property(fc.array(pieces), (all) => {
        const body = all.join('')
        const nameOf = (account: string) => (account === ann.account ? ann.name : annLee.name)
        expect(readMentions(spellMentions(body, [ann, annLee]), nameOf)).toBe(body)
      }),
    )
  })
})

test('a name that stands behind an @ is found there again, whatever the remote calls somebody', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
      const plain = toMentionName(name)
      expect(plain.length).toBeLessThanOrEqual(80)
      expect(plain).not.toMatch(/[\n`[\]<>*]/)
    }),
  )
  expect(toMentionName(' Ann\n<b> [x](y) ')).toBe('Ann b x y')
  expect(toMentionName('@@')).toBe('somebody')
  expect(isMentioned('hello @Ann Lee!', 'Ann Lee')).toBe(true)
  expect(isMentioned('hello @Ann Leeds', 'Ann Lee')).toBe(false)
})
