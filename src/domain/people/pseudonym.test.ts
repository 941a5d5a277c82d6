import { expect, test } from 'vitest'
import { digestAddress, makePseudonym } from './pseudonym.ts'

const id = '018f0000-0000-7000-8000-000000000001'

test('a pseudonym is made of the id alone, and grows where its short form is taken', () => {
  const short = makePseudonym(id, () => false)
  expect(short).toMatch(/^Contributor [0-9a-f]{4}$/)
  expect(makePseudonym(id, () => false)).toBe(short)
  expect(makePseudonym(id, (name) => name === short)).toMatch(new RegExp(`^${short}[0-9a-f]$`))
  expect(makePseudonym('018f0000-0000-7000-8000-000000000002', () => false)).not.toBe(short)
})

test('an address is found again by its digest whatever its case, in one organization alone', () => {
  expect(digestAddress('Ines@Harbour.example', 'a')).toBe(digestAddress('ines@harbour.example', 'a'))
  expect(digestAddress('ines@harbour.example', 'b')).not.toBe(digestAddress('ines@harbour.example', 'a'))
  expect(digestAddress('ines@harbour.example', 'a')).not.toContain('ines')
})
