import { expect, test } from 'vitest'
import { aliasesOf } from './advisory-aliases.ts'

test('names of other databases are names of the same advisory', () => {
  expect(aliasesOf('GHSA-aaaa-bbbb-cccc', ['cve-2020-11111', 'SNYK-1', 'GHSA-AAAA-BBBB-CCCC', null])).toEqual([
    'CVE-2020-11111',
    'SNYK-1',
  ])
})

test('of several from one database none is, for they are different problems', () => {
  expect(aliasesOf('ALAS-2020-1', ['CVE-2020-11111', 'CVE-2020-22222'])).toEqual([])
  expect(aliasesOf('CVE-2020-11111', ['CVE-2020-22222', 'GHSA-aaaa-bbbb-cccc'])).toEqual(['GHSA-aaaa-bbbb-cccc'])
})
