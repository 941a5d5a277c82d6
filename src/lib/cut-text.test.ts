import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText, firstUnits } from './cut-text.ts'

test('a text that fits stays as it is', () => {
  expect(firstUnits('ab😀', 4)).toBe('ab😀')
  expect(cutText('ab😀', 4)).toBe('ab😀')
})

test('an emoji at the cut goes as a whole', () => {
  expect(firstUnits('ab😀cd', 3)).toBe('ab')
  expect(firstUnits('ab😀cd', 4)).toBe('ab😀')
  expect(cutText('ab😀cd', 4)).toBe('ab…')
  expect(cutText('ab😀cd', 5)).toBe('ab😀…')
})

test('whatever the text and the length, what is left is a beginning, fits and is well formed', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 20 }), (text, length) => {
      const first = firstUnits(text, length)
      expect(text.startsWith(first)).toBe(true)
      expect(first.length).toBeLessThanOrEqual(length)
      expect(cutText(text, length).length).toBeLessThanOrEqual(length)
      expect([first, cutText(text, length)].every((cut) => cut.isWellFormed())).toBe(true)
    }),
  )
})
